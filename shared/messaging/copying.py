"""Writing a copy of what another service owns."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session


class NotKnownYet(ValueError):
    """What this event adds to is not known here: its own event was parked. Replay that one, then this."""


def keep(session: Session, model: Any, **values: Any) -> None:
    """Insert the row, or refresh it; a second time changes nothing."""
    session.flush()
    session.execute(_upsert(model.__table__, tuple(values)), values)


@cache
def _upsert(table: Table, names: tuple[str, ...]) -> Insert:
    """Built once: that takes longer than to run it."""
    key = [column.name for column in table.primary_key]
    row = insert(table)
    rest = {name: row.excluded[name] for name in names if name not in key}
    return (
        row.on_conflict_do_update(index_elements=key, set_=rest)
        if rest
        else row.on_conflict_do_nothing(index_elements=key)
    )
