"""Alembic's entry: inventory's tables, and the plumbing that every service has."""

from services.inventory.models import Base
from shared.migrations import run

run(Base.metadata)
