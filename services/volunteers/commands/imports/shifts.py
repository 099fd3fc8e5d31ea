"""vagter.csv: shifts as published rows. A shift is known again by its title, place and start in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.announce import published
from services.volunteers.commands.imports.common import lock_imports, moment, note_difference
from services.volunteers.models import WITH_ROLES, Association, Place, Role, Shift, shifts
from shared import clock
from shared.errors import N_
from shared.ids import natural_id
from shared.imports import ADDED, BadValue, Column, ImportReport, Row, read_rows, text, whole_number
from shared.messaging import record
from shared.qualifications import QUALIFICATIONS, named

LONGEST = timedelta(hours=24)
ROLE = "Frivillig"


def requirements(cell: str) -> tuple[str, ...]:
    """“børneattest, trailerkort”, as slugs."""
    words = [word.strip() for word in cell.split(",") if word.strip()]
    unknown = [word for word in words if named(word) is None]
    if unknown:
        known = ", ".join(text for text, _ in QUALIFICATIONS.values())
        raise BadValue(
            "unknown-requirement", N_("“{word}” kendes ikke. Skriv en af: {known}."), word=unknown[0][:40], known=known
        )
    return tuple(slug for word in words if (slug := named(word)))


COLUMNS = (
    Column("titel", text(120)),
    Column("sag", text(120), optional=True, default=""),
    Column("sted", text(120)),
    Column("start", moment),
    Column("slut", moment),
    Column("pladser", whole_number(1, 500)),
    Column("minimum", whole_number(0, 500)),
    Column("mindstealder", whole_number(0, 99)),
    Column("krav", requirements, optional=True, default=()),
    Column("arrangør", text(120)),
    Column("forsikring", text(200)),
)


def import_shifts(session: Session, content: bytes, *, dry_run: bool) -> ImportReport:
    """The table may tell of the past too; its years are looked at, not whether the time is over."""
    rows = read_rows(content, COLUMNS, key=("titel", "sted", "start"))
    if not dry_run:
        lock_imports(session)
    places = {place.name.lower(): place.area for place in session.scalars(select(Place))}
    known = _known(session, rows)
    for row in rows:
        _compare(row, known, places)
    report = ImportReport(rows, dry_run)
    if not dry_run and not report.refused:
        _add(session, [row for row in rows if row.outcome == ADDED], places)
    return report


def _id(row: Row) -> UUID:
    values = row.values
    return natural_id("shift", values["titel"], values["sted"], f"{clock.local(values['start']):%Y-%m-%dT%H:%M}")


def _known(session: Session, rows: list[Row]) -> dict[UUID, Shift]:
    ids = [_id(row) for row in rows if not row.problems]
    return {shift.id: shift for shift in session.scalars(select(Shift).where(Shift.id.in_(ids)).options(WITH_ROLES))}


def _compare(row: Row, known: dict[UUID, Shift], places: dict[str, str]) -> None:
    row.name = row.values.get("titel", "")
    for column, slug, what in _problems(row.values, places):
        row.refuse(column, slug, what)
    if row.problems:
        return
    shift = known.get(_id(row))
    note_difference(row, _as_row(shift) if shift else None)


def _problems(values: dict[str, Any], places: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Whatever can be said of the cells that could be read."""
    if "sted" in values and values["sted"].lower() not in places:
        yield "sted", "unknown-place", N_("Stedet kendes ikke. Ret navnet, eller tilføj stedet først (steder.csv).")
    if {"start", "slut"} <= values.keys():
        length = values["slut"] - values["start"]
        if length <= timedelta(0):
            yield "slut", "ends-before-start", N_("Vagten slutter, før den begynder. Ret et af tidspunkterne.")
        elif length > LONGEST:
            yield "slut", "too-long", N_("En vagt kan højst vare et døgn. Del den i flere.")
    if {"pladser", "minimum"} <= values.keys() and values["minimum"] > values["pladser"]:
        yield "minimum", "minimum-above-capacity", N_("Minimum er større end antallet af pladser. Ret et af tallene.")


def _as_row(shift: Shift) -> dict[str, Any]:
    """The shift as the file would have it."""
    return {
        "titel": shift.title,
        "sag": shift.cause,
        "sted": shift.place,
        "start": shift.starts_at,
        "slut": shift.ends_at,
        "pladser": sum(role.capacity for role in shift.roles),
        "minimum": sum(role.minimum for role in shift.roles),
        "mindstealder": shift.minimum_age,
        "krav": tuple(shift.roles[0].requirements),
        "arrangør": shift.organiser,
        "forsikring": shift.insurance,
    }


def _add(session: Session, rows: list[Row], places: dict[str, str]) -> None:
    organisers = {association.name: association.id for association in session.scalars(select(Association))}
    made = [_shift(row, places, organisers) for row in rows]
    session.add_all(made)
    for shift in made:
        record(session, published(shift))


def _shift(row: Row, places: dict[str, str], organisers: dict[str, UUID]) -> Shift:
    values, now = row.values, clock.now()
    role = Role(
        position=0,
        name=ROLE,
        capacity=values["pladser"],
        minimum=values["minimum"],
        requirements=list(values["krav"]),
    )
    return Shift(
        id=_id(row),
        title=values["titel"],
        cause=values["sag"],
        cause_id=natural_id("cause", values["sag"]) if values["sag"] else None,
        place=values["sted"],
        area=places[values["sted"].lower()],
        starts_at=values["start"],
        ends_at=values["slut"],
        minimum_age=values["mindstealder"],
        organiser=values["arrangør"],
        organiser_id=organisers.get(values["arrangør"]),
        insurance=values["forsikring"],
        state=shifts.PUBLISHED,
        created_at=now,
        changed_at=now,
        roles=[role],
    )
