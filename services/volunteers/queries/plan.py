"""The plan as rows: what coordinators look at, and which of it they may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.volunteers.domain.plans import Row
from services.volunteers.domain.rights import coordinated_organisers
from services.volunteers.models import WITH_ROLES, Role, Seat, Shift, SignUp
from services.volunteers.models.rows import row_of
from services.volunteers.models.shifts import CLOSED, HELD, PUBLISHED
from services.volunteers.models.sign_ups import ALIVE, EXPECTED, GUEST
from shared import clock
from shared.actors import Actor
from shared.errors import forbidden

MOST_ROWS = 1000
LOOKED_BACK = timedelta(days=30)

PlanRow = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """Which part of the plan. Both days are included, in Danish days; None and "" leave it open."""

    first: date | None = None
    last: date | None = None
    area: str = ""
    place: str = ""
    organiser_id: UUID | None = None
    series_id: UUID | None = None
    state: str = ""


def plan(session: Session, actor: Actor, window: Window) -> list[PlanRow]:
    """The earliest first. Raises Refusal (403) for whoever plans nothing."""
    return as_rows(session, shifts_in(session, actor, window))


def shifts_in(session: Session, actor: Actor, window: Window) -> Sequence[Shift]:
    found = select(Shift).where(*own_scope(actor), *_conditions(window))
    return session.scalars(
        found.order_by(Shift.starts_at, Shift.title, Shift.id).options(WITH_ROLES).limit(MOST_ROWS)
    ).all()


def own_scope(actor: Actor) -> list[ColumnElement[bool]]:
    """What she plans. Raises Refusal (403) for whoever plans nothing."""
    own = coordinated_organisers(actor)
    if own is None:
        return []
    if not own:
        raise forbidden()
    return [Shift.organiser_id.in_(own)]


def _conditions(window: Window) -> list[ColumnElement[bool]]:
    same: Mapping[Any, Any] = {
        Shift.area: window.area,
        Shift.place: window.place,
        Shift.organiser_id: window.organiser_id,
        Shift.series_id: window.series_id,
        Shift.state: window.state,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in same.items() if value]
    if window.first:
        conditions.append(Shift.starts_at >= clock.at(window.first, time.min))
    if window.last:
        conditions.append(Shift.starts_at < clock.at(window.last + timedelta(days=1), time.min))
    return conditions


def as_rows(session: Session, shifts: Sequence[Shift]) -> list[PlanRow]:
    counts = _counts(session, [shift.id for shift in shifts])
    return [
        {**proposed(row_of(shift)), "state": shift.state, "series_id": shift.series_id, "sign_ups": counts[shift.id]}
        for shift in shifts
    ]


def proposed(row: Row) -> PlanRow:
    return asdict(row)


def _counts(session: Session, shift_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many sign-ups are confirmed, offered and waiting."""
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ALIVE, 0))
    rows = session.execute(
        select(SignUp.shift_id, SignUp.state, func.count())
        .where(SignUp.shift_id.in_(shift_ids), SignUp.state.in_(ALIVE))
        .group_by(SignUp.shift_id, SignUp.state)
    )
    for shift_id, state, count in rows:
        counts[shift_id][state] = count
    return counts


def unnoted(session: Session, actor: Actor, now: datetime) -> list[PlanRow]:
    """Shifts of the last days that are over, with people of whom nobody noted whether they came; the latest first."""
    promised = (Seat.active, Seat.attendance == EXPECTED, Seat.kind != GUEST)
    seats = select(Seat.shift_id, func.count().label("unnoted")).where(*promised).group_by(Seat.shift_id).subquery()
    over = (Shift.ends_at <= now, Shift.ends_at > now - LOOKED_BACK, Shift.state.in_((PUBLISHED, CLOSED, HELD)))
    found = select(Shift, seats.c.unnoted).join(seats, seats.c.shift_id == Shift.id).where(*own_scope(actor), *over)
    rows = session.execute(found.order_by(Shift.ends_at.desc(), Shift.id).options(WITH_ROLES).limit(MOST_ROWS)).all()
    shown = as_rows(session, [shift for shift, _ in rows])
    return [{**row, "unnoted": count} for row, (_, count) in zip(shown, rows, strict=True)]


def understaffed(session: Session, actor: Actor, now: datetime) -> list[PlanRow]:
    """Coming shifts on which a role has fewer than it takes, the earliest first."""
    lacking = select(Role.id).where(Role.shift_id == Shift.id, Role.taken < Role.minimum).exists()
    coming = (Shift.starts_at > now, Shift.state.in_((PUBLISHED, CLOSED)), lacking)
    found = select(Shift).where(*own_scope(actor), *coming).order_by(Shift.starts_at, Shift.id)
    shifts = session.scalars(found.options(WITH_ROLES).limit(MOST_ROWS)).all()
    return [
        {
            **row,
            "taken": sum(role.taken for role in shift.roles),
            "minimum": sum(role.minimum for role in shift.roles),
        }
        for row, shift in zip(as_rows(session, shifts), shifts, strict=True)
    ]
