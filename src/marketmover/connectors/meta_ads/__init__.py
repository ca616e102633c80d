"""Meta's Marketing API by its official SDK."""
