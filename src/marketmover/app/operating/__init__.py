"""Operating an installation: backups, restoring them, upgrades."""
