"""What a link opens: the memo, for somebody without an account."""
