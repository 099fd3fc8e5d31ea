"""What every service shares: the contracts between them and the plumbing under them. Knows no service."""
