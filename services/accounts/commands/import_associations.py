"""foreninger.csv: associations are added and changed by name; those that are not in the file stay as they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.accounts.models import Association
from shared import imports
from shared.contracts.accounts import AssociationUpdated
from shared.errors import N_
from shared.ids import natural_id
from shared.imports import BadValue, Column, ImportReport, Row
from shared.messaging import record

SHOWN_TO_OTHERS = {"name", "town"}


def cvr_number(cell: str) -> str:
    """Eight digits. The check digit is not looked at: the register is the authority, and typing is checked there."""
    if len(cell) != 8 or not cell.isascii() or not cell.isdigit():
        raise BadValue(
            "not-a-cvr",
            N_("“{value}” er ikke et CVR-nummer. Skriv 8 cifre, eller lad feltet være tomt."),
            value=cell[:40],
        )
    return cell


ATTRIBUTES = {
    "navn": "name",
    "cvr": "cvr",
    "folkeoplysende": "adult_education_act",
    "by": "town",
    "målgruppe": "target_group",
    "medlemmer_under_25": "members_under_25",
    "medlemmer_over_25": "members_over_25",
    "godkendt": "approved_on",
}

COLUMNS = [
    Column("navn", imports.text(120)),
    Column("cvr", cvr_number, optional=True),
    Column("folkeoplysende", imports.yes_or_no),
    Column("by", imports.text(80)),
    Column("målgruppe", imports.text(80)),
    Column("medlemmer_under_25", imports.whole_number()),
    Column("medlemmer_over_25", imports.whole_number()),
    Column("godkendt", imports.day, optional=True),
]


def import_associations(session: Session, content: bytes, *, dry_run: bool) -> ImportReport:
    """Read the file, compare it row by row, and apply all of it, or nothing if a row is refused."""
    report = ImportReport(imports.read_rows(content, COLUMNS, key=["navn"]), dry_run)
    known = _known(session, report.rows)
    for row in report.rows:
        _compare(row, known)
    if not (report.refused or dry_run):
        for row in report.rows:
            _apply(session, row, known)
    return report


def _id(row: Row) -> UUID:
    return natural_id("association", row.values["navn"])


def _known(session: Session, rows: list[Row]) -> dict[UUID, Association]:
    ids = sorted(_id(row) for row in rows if "navn" in row.values)
    found = session.scalars(
        select(Association).where(Association.id.in_(ids)).order_by(Association.id).with_for_update()
    )
    return {association.id: association for association in found}


def _compare(row: Row, known: dict[UUID, Association]) -> None:
    row.name = row.values.get("navn", "")
    if row.problems:
        return
    existing = known.get(_id(row))
    imports.note_difference(row, _as_row(existing) if existing else None)


def _as_row(association: Association) -> dict[str, Any]:
    return {column: getattr(association, attribute) for column, attribute in ATTRIBUTES.items()}


def _apply(session: Session, row: Row, known: dict[UUID, Association]) -> None:
    if row.outcome == imports.ADDED:
        values: dict[str, Any] = {attribute: row.values[column] for column, attribute in ATTRIBUTES.items()}
        association = Association(id=_id(row), active=True, version=1, **values)
        session.add(association)
    elif row.outcome == imports.CHANGED:
        association = known[_id(row)]
        for column in row.changes:
            setattr(association, ATTRIBUTES[column], row.values[column])
        association.version += 1
    if row.outcome == imports.ADDED or SHOWN_TO_OTHERS & {ATTRIBUTES[column] for column in row.changes}:
        record(session, AssociationUpdated(association.id, association.name, association.town, association.active))
