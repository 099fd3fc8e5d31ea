"""“Vagter jeg kan tage”: the coming shifts, narrowed down, and one of them in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, or_, select, true
from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Wanted
from services.volunteers.domain.openness import reasons_closed
from services.volunteers.domain.rights import coordinates
from services.volunteers.models import WITH_ROLES, Place, Role, Shift
from services.volunteers.models.roles import read_roles
from services.volunteers.models.shifts import CLOSED, DRAFT, PUBLISHED
from services.volunteers.queries.cards import cards
from services.volunteers.queries.facets import facets
from services.volunteers.queries.reader import Reader, reader_of
from shared import clock
from shared.actors import Actor
from shared.errors import not_found

EVENING = 16  # o'clock: when school and most work is over
_DANISH_SORT = "da-x-icu"

LENGTHS = {
    "short": Shift.ends_at - Shift.starts_at <= timedelta(hours=2),
    "half": (Shift.ends_at - Shift.starts_at).between(timedelta(hours=2, seconds=1), timedelta(hours=5)),
    "long": Shift.ends_at - Shift.starts_at > timedelta(hours=5),
}
_WALL = func.timezone("Europe/Copenhagen", Shift.starts_at)
_WEEKEND = extract("isodow", _WALL) >= 6
_LATE = extract("hour", _WALL) >= EVENING
WEEK_TIMES = {"weekday_day": ~_WEEKEND & ~_LATE, "weekday_evening": ~_WEEKEND & _LATE, "weekend": _WEEKEND}
_HAS_ROOM = (Shift.state == PUBLISHED) & Shift.roles.any(Role.taken < Role.capacity)


@dataclass(frozen=True)
class Search:
    """Which shifts. `first` is a Danish day; what has begun is never shown. `only`: open (has room) or may."""

    first: date
    days: int = 14
    area: str = ""
    when: str = ""
    role: str = ""
    length: str = ""
    cause_id: UUID | None = None
    organiser_id: UUID | None = None
    organiser: str = ""
    only: str = ""
    page: int = 1
    page_size: int = 50


def browse(session: Session, actor: Actor | None, search: Search, now: datetime) -> dict[str, Any]:
    """One page of published shifts by start, and the choices to narrow them down by."""
    starts_at, ends_at = _window(search, now)
    conditions = [*_in_window(starts_at, ends_at), *_wishes(search)]
    if search.only == "may":
        found, total, reader = _those_one_may_take(session, actor, conditions, search, now)
    else:
        found, total, reader = _all(session, conditions, search)
    read_roles(session, found)
    return {
        "items": cards(session, actor, found, now, reader),
        "total": total,
        "page": search.page,
        "page_size": search.page_size,
        "facets": facets(session, starts_at, ends_at, now),
        "next_day": _next_day(session, search, ends_at) if search.page * search.page_size >= total else None,
    }


def shift(session: Session, actor: Actor | None, shift_id: UUID, now: datetime) -> dict[str, Any]:
    """In full; some of it for planners only. Raises Refusal (404) where there is none, and for a draft of others."""
    found = session.get(Shift, shift_id, options=[WITH_ROLES], populate_existing=True)
    plans = found is not None and actor is not None and coordinates(actor, found.organiser_id)
    if found is None or (found.state == DRAFT and not plans):
        raise not_found("shift")
    [card] = cards(session, actor, [found], now)
    return {
        **card,
        **{column: getattr(found, column) for column in _IN_FULL},
        **{column: getattr(found, column) if plans else None for column in _OF_THE_PLAN},
        **{column: getattr(found, column) if plans or card["mine"] else "" for column in _OF_THE_CONTACT},
        "contact_id": found.contact_id if actor else None,
        "coordinates": plans,
    }


_IN_FULL = (
    *("description", "insurance", "meeting_point", "bring", "cancel_reason"),
    *("children_welcome", "child_minimum_age", "contact_name"),
)
_OF_THE_CONTACT = ("contact_phone", "contact_email")
_OF_THE_PLAN = ("audience_id", "series_id", "check_hours", "created_by")


def places(session: Session) -> dict[str, Any]:
    """Where work is done, and the areas that these places lie in."""
    found = session.scalars(select(Place).order_by(Place.name.collate(_DANISH_SORT))).all()
    areas = select(Place.area).where(Place.area != "").group_by(Place.area).order_by(Place.area.collate(_DANISH_SORT))
    return {"areas": session.scalars(areas).all(), "places": found}


def _window(search: Search, now: datetime) -> tuple[datetime, datetime]:
    first = clock.at(search.first, time())
    return max(first, now), clock.at(search.first + timedelta(days=search.days), time())


def _in_window(starts_at: datetime, ends_at: datetime) -> list[ColumnElement[bool]]:
    return [Shift.state.in_((PUBLISHED, CLOSED)), Shift.starts_at > starts_at, Shift.starts_at < ends_at]


def _next_day(session: Session, search: Search, ends_at: datetime) -> date | None:
    """The first day after these with such a shift: the last page can lead on to it."""
    later = select(Shift.starts_at).where(Shift.state.in_((PUBLISHED, CLOSED)), Shift.starts_at >= ends_at)
    starts_at = session.scalar(later.where(*_wishes(search)).order_by(Shift.starts_at).limit(1))
    return clock.local(starts_at).date() if starts_at else None


def _wishes(search: Search) -> list[ColumnElement[bool]]:
    wishes = [
        (search.area, Shift.area == search.area),
        (search.cause_id, Shift.cause_id == search.cause_id),
        (search.organiser_id, Shift.organiser_id == search.organiser_id),
        (search.organiser, Shift.organiser == search.organiser),
        (search.when, WEEK_TIMES.get(search.when)),
        (search.length, LENGTHS.get(search.length)),
        (search.only == "open", _HAS_ROOM),
        *((word, _named(word)) for word in search.role.split()),
    ]
    return [condition for wish, condition in wishes if wish and condition is not None]


def _named(word: str) -> ColumnElement[bool]:
    """An aggregate, for it is asked of each shift by index; EXISTS would first read all roles that there ever were."""
    like = func.bool_or(Role.name.icontains(word, autoescape=True))
    has_role = select(like).where(Role.shift_id == Shift.id).correlate(Shift).scalar_subquery()
    return or_(Shift.title.icontains(word, autoescape=True), has_role)


class Found(NamedTuple):
    """One page, the count of all, and the reader where the rules were asked already."""

    shifts: list[Shift]
    total: int
    reader: Reader | None = None


def _all(session: Session, conditions: list[ColumnElement[bool]], search: Search) -> Found:
    rows = session.execute(
        select(Shift, func.count().over())
        .where(*conditions)
        .order_by(Shift.starts_at, Shift.id)
        .limit(search.page_size)
        .offset((search.page - 1) * search.page_size)
    ).all()
    return Found([row[0] for row in rows], rows[0][1] if rows else 0)


def _those_one_may_take(
    session: Session, actor: Actor | None, conditions: list[ColumnElement[bool]], search: Search, now: datetime
) -> Found:
    """The rules are Python's, so all candidates are asked; only what the rules ask is read of them."""
    roles = select(Role.requirements, Role.capacity).where(Role.shift_id == Shift.id).offset(0).lateral()  # by index
    rows = session.execute(
        select(
            *(Shift.id, Shift.starts_at, Shift.ends_at, Shift.minimum_age),
            *(roles.c.requirements, Shift.audience, Shift.audience_id, roles.c.capacity, Shift.state),
        )
        .join(roles, true())
        .where(*conditions)
        .order_by(Shift.starts_at, Shift.id)
    )
    open_ones = [
        (Wanted(*asked), capacity) for *asked, capacity, state in rows if not reasons_closed(state, asked[1], now)
    ]
    reader = reader_of(session, actor, [wanted for wanted, _ in open_ones])
    takeable: dict[UUID, None] = {}  # unlike a set, it keeps the order
    for wanted, capacity in open_ones:
        if wanted.shift_id not in takeable and not reader.reasons_against(wanted, capacity):
            takeable[wanted.shift_id] = None
    begin = (search.page - 1) * search.page_size
    ids = list(takeable)[begin : begin + search.page_size]
    found = session.scalars(select(Shift).where(Shift.id.in_(ids)))
    return Found(sorted(found, key=lambda one: (one.starts_at, one.id)), len(takeable), reader)
