"""Ways to tell people: mail, Slack, Teams, webhooks, the log."""
