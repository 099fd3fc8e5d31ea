"""Alembic's entry for the plumbing, which has a history of its own in every service's database."""

from sqlalchemy import MetaData

from shared.migrations import PLUMBING_VERSION, run

run(MetaData(), PLUMBING_VERSION)
