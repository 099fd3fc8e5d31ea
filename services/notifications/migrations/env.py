"""Alembic's entry for the notifications database."""

from services.notifications.models import Base
from shared.migrations import run

run(Base.metadata)
