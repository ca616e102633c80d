"""Google Ads by its official SDK."""
