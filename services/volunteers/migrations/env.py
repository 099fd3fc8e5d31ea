"""Alembic's entry for the database of volunteers."""

from services.volunteers.models import Base
from shared.migrations import run

run(Base.metadata)
