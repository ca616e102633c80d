"""The `marketmover` command: every room's commands, mounted under one name."""
