"""Writes a market's history as the platforms themselves export it, one platform a module."""
