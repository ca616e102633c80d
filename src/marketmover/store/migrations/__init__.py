"""Alembic migrations of the records, one line of revisions for all rooms: versions/NNNN_what.py."""
