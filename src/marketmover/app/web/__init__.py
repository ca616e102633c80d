"""The API over HTTP: the rooms' routes, mounted, with who asks, limits, and errors in words."""
