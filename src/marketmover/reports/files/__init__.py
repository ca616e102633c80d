"""A plan's memo and days as files, for those who made it."""
