"""What every worker clears away."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func

from shared.db import Database
from shared.messaging.tables import idempotency_keys

ANSWERS_KEPT = timedelta(days=2)
EVERY = timedelta(hours=1)


def forget_old_answers(database: Database) -> None:
    """Nobody sends a request again after days; its stored answer may hold personal data."""
    with database.begin() as session:
        session.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < func.now() - ANSWERS_KEPT))
