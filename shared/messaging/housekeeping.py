"""What every worker clears away."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from shared.db import Database
from shared.messaging.tables import idempotency_keys, outbox
from shared.settings import settings

ANSWERS_KEPT = timedelta(days=2)
EVERY = timedelta(hours=1)
PRUNED_AT_ONCE = 5000


def forget_old_answers(database: Database) -> None:
    """Nobody sends a request again after days; its stored answer may hold personal data."""
    with database.begin() as session:
        session.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < func.now() - ANSWERS_KEPT))


def prune_outbox(database: Database) -> None:
    """Sent events older than the window in which a deleted topic can be restored; a bounded number at once."""
    # Debezium marks nothing as sent, so without a relay an event's own age counts.
    sent_at = outbox.c.sent_at if settings().relay else func.coalesce(outbox.c.sent_at, outbox.c.occurred_at)
    columns = select(outbox.c.position, sent_at.label("sent_at"))
    oldest = columns.order_by(outbox.c.position).limit(PRUNED_AT_ONCE).subquery()
    kept = timedelta(days=settings().outbox_days)
    old = select(oldest.c.position).where(oldest.c.sent_at < func.now() - kept)
    pruned = PRUNED_AT_ONCE
    while pruned == PRUNED_AT_ONCE:
        with database.begin() as session:
            pruned = len(session.execute(delete(outbox).where(outbox.c.position.in_(old)).returning(1)).all())
