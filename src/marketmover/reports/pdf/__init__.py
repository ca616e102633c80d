"""The memo on paper."""
