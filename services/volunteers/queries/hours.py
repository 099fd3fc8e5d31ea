"""Hours: mine with the months' marks, what waits for a yes, the export, and the certificate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from services.volunteers.domain.hours import (
    CONFIRMED,
    MISSING,
    OPEN,
    REPORTED_WITHIN,
    marks_reached,
    month_of,
    next_month,
)
from services.volunteers.domain.hours import first_day as first_day_of
from services.volunteers.domain.rights import coordinated_organisers
from services.volunteers.models import Hours, Seat, Shift
from services.volunteers.models.shifts import CLOSED, HELD, PUBLISHED
from services.volunteers.models.sign_ups import EXPECTED
from shared import clock
from shared.actors import Actor
from shared.errors import forbidden

Row = dict[str, Any]

MOST = 500


def mine(session: Session, person_id: UUID, month: str, now: datetime) -> Row:
    """All of hers, the latest first, with what she may still report; and each month of these with its sum and marks."""
    rows = [_row(*found) for found in session.execute(_hours().where(Hours.person_id == person_id, _in(month)))]
    missing = [] if month else [_missing(*found) for found in session.execute(_unreported(person_id, now))]
    items = sorted(rows + missing, key=lambda row: (row["shift"].starts_at, row["seat_id"]), reverse=True)
    return {"items": items, "total": len(items), "months": _months(items)}


def of_others(session: Session, actor: Actor, only_open: bool, month: str, organiser_id: UUID | None) -> Row:
    """For those who confirm them: what waits for their yes, the oldest first, or all. Raises Refusal (403)."""
    asked = [_own_shifts(actor), _in(month), Hours.state.in_(OPEN) if only_open else true()]
    if organiser_id:
        asked.append(Shift.organiser_id == organiser_id)
    total = session.scalar(select(func.count()).select_from(_hours().where(*asked).subquery()))
    found = session.execute(_hours().where(*asked).order_by(Hours.worked_at, Hours.seat_id).limit(MOST))
    return {"items": [_row(*one) for one in found], "total": total, "months": []}


def one(session: Session, seat_id: UUID) -> Row:
    return _row(*session.execute(_hours().where(Hours.seat_id == seat_id)).one())


def export(session: Session, actor: Actor, month: str) -> list[Row]:
    """Confirmed hours per person, area and organiser. Raises Refusal (403)."""
    key = (Hours.person_id, Shift.area, Shift.organiser)
    rows = session.execute(
        select(*key, func.count(), func.sum(Hours.minutes))
        .join(Shift, Shift.id == Hours.shift_id)
        .where(_own_shifts(actor), _in(month), Hours.state == CONFIRMED)
        .group_by(*key)
        .order_by(*key)
    )
    return [
        {
            "person_id": person_id,
            "month": month,
            "area": area,
            "organiser": organiser,
            "shifts": shifts,
            "minutes": minutes,
        }
        for person_id, area, organiser, shifts, minutes in rows
    ]


def certificate(session: Session, person_id: UUID, first: date, last: date) -> Row:
    """What she gave from `first` to `last`, both included: confirmed hours alone."""
    asked = _hours().where(Hours.person_id == person_id, Hours.state == CONFIRMED, _between(first, last))
    rows = [_row(*found) for found in session.execute(asked.order_by(Hours.worked_at))]
    minutes: Counter[str] = Counter()
    shifts: Counter[str] = Counter()
    for row in rows:
        minutes[row["shift"].organiser] += row["minutes"]
        shifts[row["shift"].organiser] += 1
    return {
        "person_id": person_id,
        "first": first,
        "last": last,
        "minutes": minutes.total(),
        "shifts": len(rows),
        "organisers": [
            {"organiser": name, "minutes": minutes[name], "shifts": count} for name, count in shifts.most_common()
        ],
        "rows": rows,
    }


def _hours() -> Select[Hours, Shift, Seat]:
    return select(Hours, Shift, Seat).join(Shift, Shift.id == Hours.shift_id).join(Seat, Seat.id == Hours.seat_id)


def _unreported(person_id: UUID, now: datetime) -> Select[Seat, Shift]:
    """Over, and nobody noted whether she came: she may say so herself."""
    return (
        select(Seat, Shift)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Seat.person_id == person_id,
            Seat.active,
            Seat.attendance == EXPECTED,
            Shift.state.in_((PUBLISHED, CLOSED, HELD)),
            Shift.ends_at <= now,
            Shift.ends_at > now - REPORTED_WITHIN,
            ~select(Hours.seat_id).where(Hours.seat_id == Seat.id).exists(),
        )
    )


def _in(month: str) -> ColumnElement[bool]:
    if not month:
        return true()
    first = first_day_of(month)
    return _between(first, next_month(first) - timedelta(days=1))


def _between(first: date, last: date) -> ColumnElement[bool]:
    begins, ends = clock.at(first, time.min), clock.at(last + timedelta(days=1), time.min)
    return (Hours.worked_at >= begins) & (Hours.worked_at < ends)


def _own_shifts(actor: Actor) -> ColumnElement[bool]:
    own = coordinated_organisers(actor)
    if own is None:
        return true()
    if not own:
        raise forbidden()
    return Shift.organiser_id.in_(own)


def _row(hours: Hours, shift: Shift, seat: Seat) -> Row:
    return {
        "seat_id": hours.seat_id,
        "shift": shift,
        "person_id": hours.person_id,
        "attendance": seat.attendance,
        "checked_in_at": seat.checked_in_at,
        "minutes": hours.minutes,
        "proposed_minutes": hours.proposed_minutes,
        "note": hours.note,
        "question": hours.question,
        "state": hours.state,
        "decided_by": hours.decided_by,
        "version": hours.version,
    }


def _missing(seat: Seat, shift: Shift) -> Row:
    return {
        "seat_id": seat.id,
        "shift": shift,
        "person_id": seat.person_id,
        "attendance": seat.attendance,
        "checked_in_at": None,
        "minutes": 0,
        "proposed_minutes": 0,
        "note": "",
        "question": "",
        "state": MISSING,
        "decided_by": None,
        "version": 0,
    }


def _months(rows: Iterable[Row]) -> list[Row]:
    """The latest first. Every hour counts as it stands, confirmed or not; a month may have none as yet."""
    minutes: dict[str, int] = defaultdict(int)
    for row in rows:
        minutes[month_of(row["shift"].starts_at)] += row["minutes"]
    return [
        {"month": month, "minutes": sum_, "marks": marks_reached(sum_)}
        for month, sum_ in sorted(minutes.items(), reverse=True)
    ]
