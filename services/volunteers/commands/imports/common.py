"""What the imports share: one at a time, differences column by column, and how moments and places are written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.volunteers.domain.walls import exists
from shared import clock, imports
from shared.errors import N_
from shared.imports import ADDED, CHANGED, BadValue, Row

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


def sane_day(cell: str) -> date:
    day = imports.day(cell)
    if not 2000 <= day.year < 2100:
        raise BadValue("out-of-reach", N_("Skriv et år mellem 2000 og 2099."))
    return day


def moment(cell: str) -> datetime:
    """14.08.2027 08.00 on a Danish clock."""
    written_day, _, written_time = cell.partition(" ")
    day, wall = sane_day(written_day), imports.clock_time(written_time.strip())
    if not exists(day, wall):
        text = N_("Klokken springer en time frem den nat, så det tidspunkt findes ikke. Skriv en time senere.")
        raise BadValue("no-such-time", text)
    return clock.at(day, wall)


def coordinate(cell: str) -> float:
    """Degrees with a decimal comma: 55,2716."""
    try:
        degrees = float(cell.replace(",", "."))
    except ValueError:
        degrees = 999.0
    if not -180 <= degrees <= 180:
        raise BadValue("not-degrees", N_("“{value}” er ikke en koordinat. Skriv grader, fx 55,2716."), value=cell[:40])
    return degrees
