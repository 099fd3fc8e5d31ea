"""The history of the tables that every service has beside its own."""
