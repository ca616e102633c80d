"""What clients say of plans: comments, wishes, and their yes."""
