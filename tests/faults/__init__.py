"""Faults on real brokers and a real PostgreSQL, under load through HTTP, each ending in the ledger."""
