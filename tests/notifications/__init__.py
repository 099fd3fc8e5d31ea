"""Tests of the notifications service, with a real PostgreSQL and a real mail server."""
