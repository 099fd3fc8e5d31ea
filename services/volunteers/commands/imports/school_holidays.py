"""skoleferier.csv: when the schools are closed. Both days are included."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.imports.common import sane_day
from services.volunteers.models import SchoolHoliday
from shared.errors import N_
from shared.imports import UNCHANGED, Column, ImportReport, Row, lock_imports, note_difference, read_rows, text

COLUMNS = (Column("ferie", text(80)), Column("første_dag", sane_day), Column("sidste_dag", sane_day))
LONGEST = 100  # days; more is a slip of the pen in the year


def import_school_holidays(session: Session, content: bytes, *, dry_run: bool) -> ImportReport:
    rows = read_rows(content, COLUMNS, key=("ferie",))
    if not dry_run:
        lock_imports(session)
    known = {holiday.name: holiday for holiday in session.scalars(select(SchoolHoliday))}
    for row in rows:
        _compare(row, known)
    report = ImportReport(rows, dry_run)
    if not dry_run and not report.refused:
        for row in rows:
            if row.outcome != UNCHANGED:
                first, last = row.values["første_dag"], row.values["sidste_dag"]
                session.merge(SchoolHoliday(name=row.name, first_day=first, last_day=last))
    return report


def _compare(row: Row, known: dict[str, SchoolHoliday]) -> None:
    row.name = row.values.get("ferie", "")
    if row.problems:
        return
    holiday = known.get(row.name)
    note_difference(row, _as_row(holiday) if holiday else None)
    if not 0 <= (row.values["sidste_dag"] - row.values["første_dag"]).days < LONGEST:
        text = N_("Sidste dag skal ligge efter den første, og højst {longest} dage senere.")
        row.refuse("sidste_dag", "bad-holiday", text, longest=LONGEST)


def _as_row(holiday: SchoolHoliday) -> dict[str, Any]:
    return {"første_dag": holiday.first_day, "sidste_dag": holiday.last_day}
