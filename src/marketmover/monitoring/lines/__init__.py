"""Lines of running campaigns, watched day by day: what each should do, what it does, and what is wrong with it."""
