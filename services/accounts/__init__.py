"""Accounts: people, associations, roles and log-in. The only service that knows a person's name or address."""
