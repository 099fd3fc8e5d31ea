"""Alembic's entry: accounts' own tables and the plumbing."""

from services.accounts.models import Base
from shared.migrations import run

run(Base.metadata)
