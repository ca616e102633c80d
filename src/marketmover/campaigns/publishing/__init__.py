"""A plan put on the platforms, step by step, never twice, and taken back."""
