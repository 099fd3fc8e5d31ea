"""vagter.csv: shifts, open for sign-ups. A shift is known again by its title, place and start in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.announce import published
from services.volunteers.commands.imports.common import moment
from services.volunteers.commands.imports.judging import judge
from services.volunteers.commands.planning.assess import RowReport
from services.volunteers.commands.planning.ground import ground_for, settled
from services.volunteers.commands.planning.save import Wish, save_plan
from services.volunteers.commands.planning.writing import new_shift
from services.volunteers.domain import plans
from services.volunteers.models import WITH_ROLES, Place, Shift
from services.volunteers.models.rows import row_of
from services.volunteers.models.shifts import HELD, PUBLISHED
from shared import clock
from shared.errors import N_
from shared.ids import natural_id
from shared.imports import (
    ADDED,
    CHANGED,
    BadValue,
    Column,
    ImportReport,
    Row,
    lock_imports,
    note_difference,
    read_rows,
    text,
    whole_number,
)
from shared.messaging import record_all
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
    """New shifts are published; what is over is held already. Changes go the way of a plan.

    So who is in on a changed shift is told, and a change is refused, with the reasons, where the plan would: below the
    places taken, into somebody's other shift, after the start.
    """
    rows = read_rows(content, COLUMNS, key=("titel", "sted", "start"))
    if not dry_run:
        lock_imports(session)
    known = _known(session, rows)
    areas = {place.name.lower(): place.area for place in session.scalars(select(Place))}
    for row in rows:
        _compare(row, known, areas)
    planned = {row.line: _planned(row, known, areas) for row in rows if row.outcome in (ADDED, CHANGED)}
    judge(session, rows, planned, clock.now())
    report = ImportReport(rows, dry_run)
    if not dry_run and not report.refused:
        _add(session, [(row_id(row), planned[row.line]) for row in rows if row.outcome == ADDED])
        changed = [planned[row.line] for row in rows if row.outcome == CHANGED]
        if changed:
            save_plan(session, None, Wish(changed), clock.now())
    return report


def row_id(row: Row) -> UUID:
    values = row.values
    return natural_id("shift", values["titel"], values["sted"], f"{clock.local(values['start']):%Y-%m-%dT%H:%M}")


def _known(session: Session, rows: list[Row]) -> dict[UUID, Shift]:
    ids = [row_id(row) for row in rows if not row.problems]
    return {shift.id: shift for shift in session.scalars(select(Shift).where(Shift.id.in_(ids)).options(WITH_ROLES))}


def _compare(row: Row, known: dict[UUID, Shift], areas: dict[str, str]) -> None:
    row.name = row.values.get("titel", "")
    for column, slug, what in _problems(row.values, areas):
        row.refuse(column, slug, what)
    if row.problems:
        return
    shift = known.get(row_id(row))
    note_difference(row, _as_row(shift, row) if shift else None)
    if shift and len(shift.roles) > 1 and row.changes.keys() & {"pladser", "minimum"}:
        text = N_("Vagten har flere roller nu. Ret pladserne i planen, og skriv summen her.")
        row.refuse("pladser", "several-roles", text)


def _problems(values: dict[str, Any], areas: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Whatever can be said of the cells that could be read."""
    if "sted" in values and values["sted"].lower() not in areas:
        yield "sted", "unknown-place", N_("Stedet kendes ikke. Ret navnet, eller tilføj stedet først (steder.csv).")
    if {"start", "slut"} <= values.keys():
        length = values["slut"] - values["start"]
        if length <= timedelta(0):
            yield "slut", "ends-before-start", N_("Vagten slutter, før den begynder. Ret et af tidspunkterne.")
        elif length > LONGEST:
            yield "slut", "too-long", N_("En vagt kan højst vare et døgn. Del den i flere.")
    if {"pladser", "minimum"} <= values.keys() and values["minimum"] > values["pladser"]:
        yield "minimum", "minimum-above-capacity", N_("Minimum er større end antallet af pladser. Ret et af tallene.")


def _as_row(shift: Shift, row: Row) -> dict[str, Any]:
    """The shift as the file would have it. What each of several roles asks for, one row cannot say."""
    one_role = len(shift.roles) == 1
    return {
        "titel": shift.title,
        "sag": shift.cause,
        "sted": shift.place if shift.place.lower() != row.values["sted"].lower() else row.values["sted"],
        "start": shift.starts_at,
        "slut": shift.ends_at,
        "pladser": sum(role.capacity for role in shift.roles),
        "minimum": sum(role.minimum for role in shift.roles),
        "mindstealder": shift.minimum_age,
        "krav": tuple(shift.roles[0].requirements) if one_role else row.values["krav"],
        "arrangør": shift.organiser,
        "forsikring": shift.insurance,
    }


def _planned(row: Row, known: dict[UUID, Shift], areas: dict[str, str]) -> plans.Row:
    """The row of the file as a row of a plan; what the file does not know of a shift stays."""
    shift, values = known.get(row_id(row)), row.values
    starts, ends = clock.local(values["start"]), clock.local(values["slut"])
    told: dict[str, Any] = {
        "title": values["titel"],
        "place": values["sted"],
        "area": areas[values["sted"].lower()],
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "minimum_age": values["mindstealder"],
        "cause": values["sag"],
        "insurance": values["forsikring"],
    }
    organised = {"organiser": values["arrangør"], "organiser_id": None}
    role = plans.RoleRow(ROLE, values["pladser"], values["minimum"], values["krav"])
    if shift is None:
        return plans.Row(roles=(role,), **told, **organised)
    before = row_of(shift)
    if len(before.roles) == 1:
        told["roles"] = (replace(role, name=before.roles[0].name, id=before.roles[0].id),)
    return replace(before, **told, **(organised if values["arrangør"] != before.organiser else {}))


def _add(session: Session, rows: list[tuple[UUID, plans.Row]]) -> None:
    """Under ids of their own, by which the next import knows them."""
    now = clock.now()
    ground = ground_for(session, None, now)
    made = []
    for shift_id, row in rows:
        shift = new_shift(RowReport(0, settled(row, ground), *row.period), True, None, None, now)
        shift.id = shift_id
        if shift.ends_at <= now:
            shift.state = HELD
        made.append(shift)
    session.add_all(made)
    record_all(session, [published(shift) for shift in made if shift.state == PUBLISHED])
