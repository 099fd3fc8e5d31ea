"""Writing a copy of what another service owns."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session


class NotKnownYet(ValueError):
    """What this event adds to is not known here: its own event was parked. Replay that one, then this."""


def keep(session: Session, model: Any, **values: Any) -> None:
    """Insert the row, or refresh it; a second time changes nothing."""
    key = [column.name for column in model.__table__.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    row = insert(model).values(values)
    session.execute(
        row.on_conflict_do_update(index_elements=key, set_=rest)
        if rest
        else row.on_conflict_do_nothing(index_elements=key),
        execution_options={"populate_existing": True},
    )
