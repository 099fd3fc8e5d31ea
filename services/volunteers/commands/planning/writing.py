"""Rows of a plan into shifts and roles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.volunteers.commands.planning.assess import RowReport
from services.volunteers.domain.plans import RoleRow, Row, earlier
from services.volunteers.models import Role, Shift
from services.volunteers.models.rows import SAME, row_of
from services.volunteers.models.shifts import DRAFT, PUBLISHED
from shared.ids import natural_id

IN_CALENDARS = frozenset({"title", "place", "day", "starts", "ends"})


def new_shift(report: RowReport, publish: bool, series_id: UUID | None, made_by: UUID | None, now: datetime) -> Shift:
    shift = Shift(
        series_id=series_id,
        state=PUBLISHED if publish else DRAFT,
        created_by=made_by,
        created_at=now,
        changed_at=now,
        sequence=0,
        version=1,
    )
    _fill(shift, report)
    shift.roles = [_new_role(role, position) for position, role in enumerate(report.row.roles)]
    return shift


def rewrite(shift: Shift, report: RowReport, now: datetime) -> None:
    """Change the shift into what the row says. A crew that was counted is counted anew where the time is another."""
    if report.starts_at != shift.starts_at:
        shift.checked_at = None
    stored = row_of(shift)
    _fill(shift, report)
    _rewrite_roles(shift, report.row, stored)
    if any(change.field in IN_CALENDARS for change in report.changes):
        shift.sequence += 1
    shift.changed_at = now
    shift.version += 1


def _fill(shift: Shift, report: RowReport) -> None:
    row = report.row
    for name in SAME:
        setattr(shift, name, getattr(row, name))
    shift.cause_id = natural_id("cause", row.cause) if row.cause else None
    shift.starts_at, shift.ends_at = report.starts_at, report.ends_at


def _rewrite_roles(shift: Shift, row: Row, stored: Row) -> None:
    known = {role.id: role for role in shift.roles}
    roles = []
    for position, wanted in enumerate(row.roles):
        before = earlier(wanted, stored.roles)
        role = known[before.id] if before and before.id else _new_role(wanted, position)
        role.position, role.name = position, wanted.name
        role.capacity, role.minimum = wanted.capacity, wanted.minimum
        if sorted(role.requirements) != sorted(wanted.requirements):
            role.requirements = list(wanted.requirements)
        roles.append(role)
    shift.roles = roles


def _new_role(role: RoleRow, position: int) -> Role:
    return Role(
        position=position,
        name=role.name,
        capacity=role.capacity,
        minimum=role.minimum,
        requirements=list(role.requirements),
        taken=0,
        waiting=0,
        last_in_line=0,
    )
