"""One-time links: for the first owner, for who was invited, for who forgot the password."""
