"""What clients thought of campaigns that are over."""
