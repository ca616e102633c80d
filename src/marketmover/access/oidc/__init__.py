"""Signing in at an OpenID provider."""
