"""Work on a schedule: what is due, who runs it, what became of it."""
