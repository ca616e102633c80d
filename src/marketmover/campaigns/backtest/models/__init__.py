"""Judging a split that was not made: weeks as evidence, curves pooled over lines, the doubly robust estimate."""
