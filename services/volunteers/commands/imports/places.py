"""steder.csv: where work is done. A place named like its area is the area's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.imports.common import coordinate
from services.volunteers.models import Place
from shared.errors import N_
from shared.imports import UNCHANGED, Column, ImportReport, Row, lock_imports, note_difference, read_rows, text

COLUMNS = (
    Column("sted", text(120)),
    Column("område", text(80)),
    Column("breddegrad", coordinate, optional=True),
    Column("længdegrad", coordinate, optional=True),
)


def import_places(session: Session, content: bytes, *, dry_run: bool) -> ImportReport:
    rows = read_rows(content, COLUMNS, key=("sted",))
    if not dry_run:
        lock_imports(session)
    known = {place.name: place for place in session.scalars(select(Place))}
    for row in rows:
        _compare(row, known)
    report = ImportReport(rows, dry_run)
    if not dry_run and not report.refused:
        for row in rows:
            if row.outcome != UNCHANGED:
                session.merge(Place(name=row.name, **_attributes(row.values)))
    return report


def _compare(row: Row, known: dict[str, Place]) -> None:
    row.name = row.values.get("sted", "")
    if _is_half(row.values):
        text = N_("Skriv både breddegrad (højst 90) og længdegrad, eller ingen af dem.")
        row.refuse("breddegrad", "half-a-coordinate", text)
    if not row.problems:
        place = known.get(row.name)
        note_difference(row, _as_row(place) if place else None)


def _is_half(values: dict[str, Any]) -> bool:
    """As far as the cells could be read."""
    if abs(values.get("breddegrad") or 0) > 90:
        return True
    return {"breddegrad", "længdegrad"} <= values.keys() and (
        (values["breddegrad"] is None) != (values["længdegrad"] is None)
    )


def _as_row(place: Place) -> dict[str, Any]:
    return {"område": place.area, "breddegrad": place.latitude, "længdegrad": place.longitude}


def _attributes(values: dict[str, Any]) -> dict[str, Any]:
    return {"area": values["område"], "latitude": values["breddegrad"], "longitude": values["længdegrad"]}
