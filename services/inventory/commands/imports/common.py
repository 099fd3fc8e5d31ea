"""What both imports share: one at a time, differences column by column, and rights row by row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.errors import N_
from shared.imports import ADDED, CHANGED, Row

IMPORTED = N_("Indlæst fra fil")
_LOCK = text("SELECT pg_advisory_xact_lock(0x696d70)")  # "imp": two imports would both add the same new thing


def lock_imports(session: Session) -> None:
    session.execute(_LOCK)


def note_difference(row: Row, current: dict[str, Any] | None) -> None:
    """`current` is what is stored, under the file's headings; None if nothing is."""
    if current is None:
        row.outcome = ADDED
        return
    row.changes = {column: (old, row.values[column]) for column, old in current.items() if old != row.values[column]}
    if row.changes:
        row.outcome = CHANGED


def rights_missing(row: Row, column: str) -> None:
    text = N_("Du har ikke rettigheder til at ændre dette. Lad rækken stå uændret, eller bed en administrator.")
    row.refuse(column, "not-yours", text)
