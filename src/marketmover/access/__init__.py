"""Who may do what: connected accounts with their secrets, and the log of who did what."""
