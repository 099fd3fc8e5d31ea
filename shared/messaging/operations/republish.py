"""Publishing again what the outbox still has, e.g. after a topic was deleted. The inboxes skip what they know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from shared.messaging.tables import outbox


def since(moment: datetime) -> ColumnElement[bool]:
    return outbox.c.occurred_at >= moment


def with_ids(ids: Iterable[UUID]) -> ColumnElement[bool]:
    return outbox.c.id.in_(list(ids))


def count(session: Session, which: ColumnElement[bool]) -> int:
    """How many of these events were sent."""
    return session.scalar(select(func.count()).select_from(outbox).where(which, outbox.c.sent_at.is_not(None))) or 0


def republish(session: Session, which: ColumnElement[bool]) -> int:
    """Mark these events as unsent. The relay sends them in their old order, before newer ones. Returns how many."""
    marked = update(outbox).where(which, outbox.c.sent_at.is_not(None)).values(sent_at=None)
    return len(session.execute(marked.returning(outbox.c.position)).all())
