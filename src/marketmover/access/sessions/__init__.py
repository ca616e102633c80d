"""Signing in by password and second factor, and what keeps somebody signed in."""
