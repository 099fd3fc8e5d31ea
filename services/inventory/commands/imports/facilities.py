"""faciliteter.csv: halls, rooms and places. A part names its whole, which may stand anywhere in the file."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.inventory.commands.imports.common import rights_missing
from services.inventory.commands.publishing import publish_facility
from services.inventory.domain.access import may_manage_facility
from services.inventory.domain.catalogue import FACILITY_LEAD_TIME_HOURS, every_day, facility_picture
from services.inventory.models import Facility
from shared.actors import Actor
from shared.errors import N_
from shared.ids import natural_id
from shared.imports import (
    ADDED,
    UNCHANGED,
    Column,
    ImportReport,
    Row,
    clock_time,
    lock_imports,
    note_difference,
    read_rows,
    text,
    whole_number,
    yes_or_no,
)

COLUMNS = (
    Column("navn", text()),
    Column("type", text(60)),
    Column("by", text(60)),
    Column("ejer", text()),
    Column("plads_til", whole_number(least=1)),
    Column("handicapegnet", yes_or_no),
    Column("del_af", text(), optional=True, default=""),
    Column("åbner", clock_time),
    Column("lukker", clock_time),
)


def import_facilities(session: Session, content: bytes, *, dry_run: bool, actor: Actor | None = None) -> ImportReport:
    """Without an actor (the command line) everything may be changed."""
    rows = read_rows(content, COLUMNS, key=("navn",))
    if not dry_run:
        lock_imports(session)
    known = {facility.id: facility for facility in session.scalars(select(Facility))}
    parents = _parents(rows, known)
    for row in rows:
        _compare(row, known, parents, actor)
    report = ImportReport(rows, dry_run)
    if not dry_run and not report.refused:
        # Wholes come before their parts, for the database and for those who listen.
        for row in sorted(rows, key=lambda row: bool(row.values["del_af"])):
            if row.outcome != UNCHANGED:
                _apply(session, row, known)
    return report


def _id(row: Row) -> UUID:
    return natural_id("facility", row.values.get("navn", ""))


def _parent_id(row: Row) -> UUID | None:
    name = row.values.get("del_af")
    return natural_id("facility", name) if name else None


def _parents(rows: list[Row], known: dict[UUID, Facility]) -> dict[UUID, UUID | None]:
    """Every facility's whole, as it will be after the import."""
    return {facility.id: facility.parent_id for facility in known.values()} | {
        _id(row): _parent_id(row) for row in rows if "navn" in row.values
    }


def _compare(row: Row, known: dict[UUID, Facility], parents: dict[UUID, UUID | None], actor: Actor | None) -> None:
    row.name = row.values.get("navn", "")
    if row.problems:
        return
    facility = known.get(_id(row))
    note_difference(row, _as_row(facility, row, known) if facility else None)
    if row.values["lukker"] <= row.values["åbner"]:
        row.refuse(
            "lukker", "closes-before-opening", N_("Lukketid skal være efter åbningstid. Ret et af klokkeslættene.")
        )
    _refuse_wrong_whole(row, parents)
    if row.outcome != UNCHANGED and actor is not None and not _may_change(actor, row, facility):
        rights_missing(row, "navn")


def _refuse_wrong_whole(row: Row, parents: dict[UUID, UUID | None]) -> None:
    parent_id, name = _parent_id(row), row.values["del_af"]
    if parent_id is None:
        return
    if parent_id not in parents:
        text = N_("“{name}” findes ikke. Ret navnet, eller tilføj den i filen.")
        row.refuse("del_af", "unknown-whole", text, name=name)
    elif parent_id == _id(row) or parents[parent_id] is not None or _id(row) in parents.values():
        text = N_("En del kan ikke selv have dele, og “{name}” kan derfor ikke være den hele. Ret del_af.")
        row.refuse("del_af", "part-of-part", text, name=name)


def _may_change(actor: Actor, row: Row, facility: Facility | None) -> bool:
    """Both where it belongs now and where it will belong."""
    wholes = {_parent_id(row)} | ({facility.parent_id} if facility else set())
    return all(may_manage_facility(actor, _id(row), parent_id) for parent_id in wholes)


def _as_row(facility: Facility, row: Row, known: dict[UUID, Facility]) -> dict[str, Any]:
    """The facility as the file would have it."""
    hours = facility.opening_hours[0]
    parent = known[facility.parent_id].name if facility.parent_id else ""
    return {
        "navn": facility.name,
        "type": facility.category,
        "by": facility.town,
        "ejer": facility.owner,
        "plads_til": facility.capacity,
        "handicapegnet": facility.accessible,
        "del_af": row.values["del_af"] if _parent_id(row) == facility.parent_id else parent,
        "åbner": time.fromisoformat(hours["opens"]),
        "lukker": time.fromisoformat(hours["closes"]),
    }


def _apply(session: Session, row: Row, known: dict[UUID, Facility]) -> None:
    if row.outcome == ADDED:
        facility = Facility(
            id=_id(row),
            needs_approval=True,
            lead_time_hours=FACILITY_LEAD_TIME_HOURS,
            longest_loan_days=None,
            active=True,  # told before the database fills in its default
            **_attributes(row),
        )
        session.add(facility)
    else:
        facility = known[_id(row)]
        for name, value in _attributes(row).items():
            setattr(facility, name, value)
        facility.version += 1
    publish_facility(session, facility)


def _attributes(row: Row) -> dict[str, Any]:
    values = row.values
    return {
        "name": values["navn"],
        "category": values["type"],
        "picture": facility_picture(values["navn"], values["type"]),
        "town": values["by"],
        "owner": values["ejer"],
        "capacity": values["plads_til"],
        "accessible": values["handicapegnet"],
        "parent_id": _parent_id(row),
        "opening_hours": every_day(f"{values['åbner']:%H:%M}", f"{values['lukker']:%H:%M}"),
    }
