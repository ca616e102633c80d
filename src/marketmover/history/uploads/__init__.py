"""Exports that come in by the API: taken into the home's files, looked through, then imported by a task."""
