"""Links by which clients read plans: made, listed, withdrawn, and opened without an account."""
