"""Save a plan: all its rows, or none. Who is in stays in, and is told; who was released is told too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.volunteers.commands import announce, flags, line
from services.volunteers.commands.loading import locked_shifts
from services.volunteers.commands.planning.assess import Report, assess
from services.volunteers.commands.planning.seating import move_people, release_people, take_offers_back, tell_people
from services.volunteers.commands.planning.writing import new_shift, rewrite
from services.volunteers.domain.plans import Row
from services.volunteers.domain.series import Pattern
from services.volunteers.models import Series, Shift
from services.volunteers.models.shifts import CLOSED, DRAFT, PUBLISHED
from shared.actors import Actor
from shared.contracts import Event
from shared.db import sqlstate
from shared.errors import N_, Kind, Reason, Refusal, refuse_if
from shared.messaging import record_all

OVERLAP = "23P01"
_LOCK = text("SELECT pg_advisory_xact_lock(0x706c616e)")  # "plan": two might both add the same new shift


@dataclass(frozen=True)
class Wish:
    """What a coordinator asks for. `release`: sign-ups that may be ended where they stop a move."""

    rows: Sequence[Row]
    release: Collection[UUID] = ()
    publish: bool = False
    series: Pattern | None = None


def save_plan(session: Session, actor: Actor | None, wish: Wish, now: datetime) -> Report:
    """Raises Refusal (409) with the reasons of all rows, each at `rows.N`."""
    session.execute(_LOCK)
    shifts = locked_shifts(session, [row.id for row in wish.rows if row.id])
    report = assess(session, actor, wish.rows, now, wish.release, wish.publish, shifts, wish.series)
    reasons = [problem.at(f"rows.{row.index}") for row in report.rows for problem in row.problems]
    refuse_if(reasons, Kind.CONFLICT, "plan-refused")
    try:
        _write(session, actor, wish, report, {shift.id: shift for shift in shifts}, now)
    except IntegrityError as error:
        if sqlstate(error) != OVERLAP:
            raise
        text = N_("Nogen har lige taget en anden vagt på det tidspunkt. Se planen igen.")
        raise Refusal(Kind.CONFLICT, "plan-refused", [Reason("people-elsewhere", text)]) from error
    return report


def _write(
    session: Session, actor: Actor | None, wish: Wish, report: Report, shifts: dict[UUID, Shift], now: datetime
) -> None:
    before = {key: announce.changed(shift) for key, shift in shifts.items()}
    changed = [row for row in report.rows if row.stored and row.changes]
    release_people(session, report, shifts, now)
    with move_people(session, [row for row in changed if row.planned and row.planned.is_moved]):
        for row in changed:
            rewrite(shifts[row.shift_id], row, now)
        added = _add(session, actor, wish, report, now)
        session.flush()
    take_offers_back(session, report, shifts)
    report.ids = [row.row.id or added[row.index].id for row in report.rows]
    record_all(session, _events(wish, report, shifts, added, before, now))
    tell_people(session, report)
    for shift_id in sorted(report.flagged):
        flags.refresh(session, shifts[shift_id])
    for row in changed:
        _offer(session, shifts[row.shift_id], now)


def _add(session: Session, actor: Actor | None, wish: Wish, report: Report, now: datetime) -> dict[int, Shift]:
    made_by = actor.person_id if actor else None
    new = [row for row in report.rows if row.row.id is None]
    series = _series(session, wish, actor, now) if new else None
    added = {row.index: new_shift(row, wish.publish, series.id if series else None, made_by, now) for row in new}
    session.add_all(added.values())
    return added


def _series(session: Session, wish: Wish, actor: Actor | None, now: datetime) -> Series | None:
    """The rule that the rows came from is kept with them, so that they can be changed together."""
    if wish.series is None or actor is None:
        return None
    pattern, first = wish.series, wish.rows[0]
    series = Series(
        weekdays=sorted(pattern.weekdays),
        every_weeks=pattern.every_weeks,
        first_day=pattern.first_day,
        last_day=pattern.last_day,
        starts=first.starts,
        ends=first.ends,
        in_school_holidays=pattern.in_school_holidays,
        on_public_holidays=pattern.on_public_holidays,
        created_by=actor.person_id,
        created_at=now,
    )
    session.add(series)
    session.flush()
    return series


def _events(
    wish: Wish,
    report: Report,
    shifts: dict[UUID, Shift],
    added: dict[int, Shift],
    before: Mapping[UUID, Event],
    now: datetime,
) -> list[Event]:
    """Drafts are told to nobody."""
    events: list[Event] = []
    for row in report.rows:
        shift = added[row.index] if row.row.id is None else shifts[row.row.id]
        if wish.publish and shift.state == DRAFT:
            shift.state, shift.changed_at = PUBLISHED, now
            shift.version += 1
            events.append(announce.published(shift))
        elif row.row.id is None and shift.state == PUBLISHED:
            events.append(announce.published(shift))
        elif shift.state in (PUBLISHED, CLOSED) and announce.changed(shift) != before[shift.id]:
            events.append(announce.changed(shift))
    return events


def _offer(session: Session, shift: Shift, now: datetime) -> None:
    """More places, another time or fewer demands may fit those who wait."""
    for role in shift.roles:
        if role.waiting:
            line.offer_places(session, shift, role, now)
