"""Workspaces: the clients of an agency, who never see each other."""
