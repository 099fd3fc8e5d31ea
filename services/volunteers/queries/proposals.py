"""Rows that a coordinator may save: series, copies, moves. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.volunteers.domain.overlaps import Timetable, Work, alike, same_work
from services.volunteers.domain.plan_rules import Contacts, may_be_contact
from services.volunteers.domain.plans import EVERY, ONE, RoleRow, Row
from services.volunteers.domain.rights import coordinates
from services.volunteers.domain.series import Pattern, Skipped, days_of, problems
from services.volunteers.models import WITH_ROLES, Shift
from services.volunteers.models.around import planned_around
from services.volunteers.models.rows import contacts_for, row_of, school_breaks
from services.volunteers.models.shifts import CANCELLED, HELD
from services.volunteers.queries.plan import PlanRow, Window, as_rows, own_scope, proposed, shifts_in
from shared import clock
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, Refusal, not_found, refuse_if

FURTHEST = 1100  # days


@dataclass(frozen=True)
class Alike:
    """The work of a row, and the same work that is stored at another time: perhaps an earlier copy, moved since."""

    new: Work
    there: Work


@dataclass(frozen=True)
class Copies:
    """`there`: work that is stored at the new time already, for which there is no row."""

    rows: list[PlanRow]
    there: list[Work]
    alike: list[Alike]


def series(
    session: Session, actor: Actor, row: Row, pattern: Pattern, now: datetime
) -> tuple[list[PlanRow], list[Skipped]]:
    """A row for each day of the series, and the days that are left out. Raises Refusal (422) for no series at all."""
    own_scope(actor)
    refuse_if((reason.at("series") for reason in problems(pattern)), Kind.INVALID, "no-series")
    days, skipped = days_of(pattern, row.starts, row.ends, school_breaks(session), now)
    return [proposed(replace(row, day=day)) for day in days], skipped


def copies(session: Session, actor: Actor, window: Window, target: date) -> Copies:
    """The shifts of the window as new rows, so that its first day falls on `target`. Raises Refusal (422).

    What does the same work at the same time as a stored shift is not copied once more.
    """
    if window.first is None:
        raise ValueError("a copy needs a first day")
    by = _distance(window.first, target, "target")
    contacts = contacts_for(session, actor)
    shifts = [shift for shift in shifts_in(session, actor, window) if shift.state != CANCELLED]
    rows = [_anew(_moved(row_of(shift), by), contacts) for shift in shifts]
    works = [_work(row) for row in rows]
    days = clock.at(target, time.min), clock.at((window.last or window.first) + by + timedelta(days=1), time.min)
    stored = planned_around(session, works, moments=days)
    timetable = Timetable(stored)
    found = [same_work(work, timetable.beside(work)) for work in works]
    there = list(dict.fromkeys(one for same in found for one in same))
    new = [(proposed(row), work) for row, work, same in zip(rows, works, found, strict=True) if not same]
    accounted_for = {*there, *(_work(row_of(shift)) for shift in shifts)}
    free = [one for one in stored if one not in accounted_for and days[0] <= one.starts_at < days[1]]
    return Copies([row for row, _ in new], there, [Alike(work, one) for _, work in new if (one := alike(work, free))])


def _work(row: Row) -> Work:
    return Work(row.title, row.place, *row.period)


def _distance(first: date, to: date, field: str) -> timedelta:
    by = to - first
    if abs(by.days) > FURTHEST:
        text = N_("Den nye dag ligger mere end tre år fra den gamle. Vælg en anden.")
        raise Refusal(Kind.INVALID, "too-far", [Reason("too-far", text, field)])
    return by


def _anew(row: Row, contacts: Contacts) -> Row:
    """Without people, without ids: a new shift that looks the same. Who speaks for nobody any more is no contact."""
    contact_id = row.contact_id if may_be_contact(row, contacts) else None
    roles = tuple(replace(role, id=None) for role in row.roles)
    return replace(row, id=None, version=None, contact_id=contact_id, roles=roles)


def moves(session: Session, actor: Actor, window: Window, to: date) -> list[PlanRow]:
    """The shifts of that day themselves, on another day. Raises Refusal (422)."""
    if window.first is None:
        raise ValueError("a move needs a day")
    _distance(window.first, to, "to")
    shifts = [shift for shift in shifts_in(session, actor, window) if shift.state not in (CANCELLED, HELD)]
    return [{**row, "day": to} for row in as_rows(session, shifts)]


def of_series(
    session: Session, actor: Actor, shift_id: UUID, scope: str, changes: Mapping[str, Any], days: int, now: datetime
) -> list[PlanRow]:
    """One shift of a series, this and the following, or all that are still to come, with the changes made.

    Raises Refusal (404) for a shift that one may not plan.
    """
    shift = session.get(Shift, shift_id, options=[WITH_ROLES])
    if shift is None or not coordinates(actor, shift.organiser_id):
        raise not_found("shift")
    wanted = [shift] if scope == ONE or shift.series_id is None else _siblings(session, actor, shift, scope)
    open_ones = [one for one in wanted if one.starts_at > now and one.state not in (CANCELLED, HELD)]
    names = {role.id: role.name for role in shift.roles}
    return [
        {**row, **proposed(_changed(row_of(one), changes, names, timedelta(days=days)))}
        for row, one in zip(as_rows(session, open_ones), open_ones, strict=True)
    ]


def _siblings(session: Session, actor: Actor, shift: Shift, scope: str) -> list[Shift]:
    found = shifts_in(session, actor, Window(series_id=shift.series_id))
    return [one for one in found if scope == EVERY or one.starts_at >= shift.starts_at]


def _changed(row: Row, changes: Mapping[str, Any], names: Mapping[UUID, str], by: timedelta) -> Row:
    new = dict(changes)
    if "roles" in new:
        new["roles"] = tuple(_same_role(role, row, names) for role in new["roles"])
    return _moved(replace(row, **new), by)


def _same_role(role: RoleRow, row: Row, names: Mapping[UUID, str]) -> RoleRow:
    """The role that was changed on one shift, on another shift of the series: the one of the same name."""
    if role.id is None or any(one.id == role.id for one in row.roles):
        return role
    there = next((one.id for one in row.roles if one.name == names.get(role.id)), None)
    return replace(role, id=there)


def _moved(row: Row, by: timedelta) -> Row:
    return replace(row, day=row.day + by)
