"""A plan's days: for the memo, for a calendar file, and for a feed that calendars fetch."""
