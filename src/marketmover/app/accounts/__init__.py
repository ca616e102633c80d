"""Connecting accounts of ad platforms: asked for on the platform, then kept with their credentials sealed."""
