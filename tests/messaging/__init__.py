"""Proofs of the plumbing, with a real PostgreSQL and a real Kafka."""
