"""How moments and places are written in the tables."""

from __future__ import annotations

from datetime import date, datetime

from services.volunteers.domain.walls import exists
from shared import clock, imports
from shared.errors import N_
from shared.imports import BadValue


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
