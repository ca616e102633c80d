"""Exports pulled from platforms: what is asked for, what came, where it lies."""
