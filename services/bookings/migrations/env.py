"""Alembic's entry for the database of bookings."""

from services.bookings.models import Base
from shared.migrations import run

run(Base.metadata)
