"""Bookings for those who may see them: lists, one in full, what waits for a decision, what is at risk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, selectinload

from services.bookings.domain.states import FACILITY, WAITING
from services.bookings.models import WITH_LINES, Association, Booking, Depot, Handover, Line, Resource
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER, Actor
from shared.errors import not_found

MOST_AT_DESK = 200


def booking(session: Session, actor: Actor, booking_id: UUID, now: datetime) -> dict[str, Any]:
    """In full, with its history. Raises Refusal (404) for whoever may not see it."""
    query = select(Booking).where(Booking.id == booking_id).options(WITH_LINES, selectinload(Booking.history))
    found = session.scalar(query, execution_options={"populate_existing": True})
    if found is None or not found.may_be_seen_by(actor):
        raise not_found("booking")
    return _in_words(session, [found], actor, now)[0] | {"history": found.history}


def bookings_of(
    session: Session, actor: Actor, now: datetime, state: str = "", page: int = 1, page_size: int = 50
) -> dict[str, Any]:
    """Mine and my associations': what comes next first, then what is past."""
    mine = or_(Booking.person_id == actor.person_id, Booking.association_id.in_(list(actor.memberships)))
    return _page(session, select(Booking).where(mine), actor, now, state, page, page_size)


def depot_bookings(
    session: Session, actor: Actor, now: datetime, state: str = "", page: int = 1, page_size: int = 50
) -> dict[str, Any]:
    """What is fetched at the depots whose staff the actor is."""
    at_my_depots = Line.depot_id.is_not(None) & _within(Line.depot_id, actor.scopes(DEPOT_STAFF))
    query = select(Booking).where(Booking.lines.any(at_my_depots))
    return _page(session, query, actor, now, state, page, page_size)


def approvals(session: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """What waits for this actor, the nearest need first."""
    waiting = Booking.lines.any(and_(Line.state == WAITING, _managed(actor)))
    found = _some(session, select(Booking).where(Booking.state == WAITING, waiting).order_by(Booking.starts_at))
    return [
        shown | {"decidable_line_ids": [line.id for line in one.lines if _decidable(line, actor)]}
        for one, shown in zip(found, _in_words(session, found, actor, now), strict=True)
    ]


def conflicts(session: Session, actor: Actor, depot_id: UUID | None, now: datetime) -> list[dict[str, Any]]:
    """Bookings at the actor's depots that the stock no longer covers, the nearest need first."""
    short = and_(Line.short_by > 0, _managed(actor), Line.depot_id == depot_id if depot_id else true())
    found = _some(session, select(Booking).where(Booking.lines.any(short)).order_by(Booking.starts_at))
    return _in_words(session, found, actor, now)


def _page(
    session: Session, query: Select[Any], actor: Actor, now: datetime, state: str, page: int, page_size: int
) -> dict[str, Any]:
    if state:
        query = query.where(Booking.state == state)
    total = session.scalar(select(func.count()).select_from(query.subquery()))
    past = Booking.ends_at < now
    ordered = query.order_by(past, case((past, None), else_=Booking.starts_at), Booking.starts_at.desc(), Booking.id)
    found = session.scalars(ordered.options(WITH_LINES).limit(page_size).offset((page - 1) * page_size)).all()
    return {"items": _in_words(session, found, actor, now), "total": total, "page": page, "page_size": page_size}


def _some(session: Session, query: Select[Any]) -> Sequence[Booking]:
    return session.scalars(query.options(WITH_LINES).limit(MOST_AT_DESK)).all()


def _within(column: Any, scopes: Collection[UUID] | None) -> ColumnElement[bool]:
    return true() if scopes is None else column.in_(scopes) if scopes else false()


def _managed(actor: Actor) -> ColumnElement[bool]:
    """Lines that the actor decides about, as Line.is_managed_by says it for one."""
    facility, halls = aliased(Resource), actor.scopes(FACILITY_MANAGER)
    own = or_(_within(facility.id, halls), _within(facility.parent_id, halls))
    at_facility = select(facility.id).where(facility.id == Line.resource_id, own).exists()
    return or_(
        and_(Line.kind == FACILITY, at_facility),
        and_(Line.depot_id.is_not(None), _within(Line.depot_id, actor.scopes(DEPOT_STAFF))),
    )


def _decidable(line: Line, actor: Actor) -> bool:
    return line.state == WAITING and line.is_managed_by(actor)


def _in_words(session: Session, found: Sequence[Booking], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """With the names of associations and depots, looked up once for all."""
    associations = _names(session, Association, (one.association_id for one in found))
    depots = _names(session, Depot, (line.depot_id for one in found for line in one.lines))
    handovers = _handovers(session, [one.id for one in found])
    return [
        _shown(one)
        | {
            "association_name": associations.get(one.association_id, ""),
            "states": [tag for tag in ("at_risk", "overdue") if getattr(one, tag)],
            "lines": [_line(line, depots, _is_mine(one, actor) and line.can_be_reduced(now)) for line in one.lines],
            "can": _rights(one, actor, now),
            "handovers": handovers.get(one.id, []),
        }
        for one in found
    ]


def _shown(row: Booking | Line) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _line(line: Line, depots: dict[UUID | None, str], can_reduce: bool) -> dict[str, Any]:
    names = {"depot_name": depots.get(line.depot_id, ""), "picture": line.resource.picture}
    return _shown(line) | names | {"at_risk": line.short_by > 0, "can_reduce": can_reduce}


def _is_mine(found: Booking, actor: Actor) -> bool:
    return found.is_owned_by(actor) or actor.is_administrator


def _rights(found: Booking, actor: Actor, now: datetime) -> dict[str, bool]:
    mine = _is_mine(found, actor)
    return {
        "cancel": mine and found.can_be_cancelled and found.ends_at > now,
        "decide": any(_decidable(line, actor) for line in found.lines),
        "reduce": mine and any(line.can_be_reduced(now) for line in found.lines),
    }


def _names(
    session: Session, table: type[Association] | type[Depot], ids: Iterable[UUID | None]
) -> dict[UUID | None, str]:
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = session.execute(select(table.id, table.name).where(table.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _handovers(session: Session, booking_ids: Collection[UUID]) -> dict[UUID, list[dict[str, UUID]]]:
    by_booking: dict[UUID, list[dict[str, UUID]]] = {}
    rows = select(Handover).where(Handover.booking_id.in_(booking_ids)).order_by(Handover.id)
    for handover in session.scalars(rows) if booking_ids else ():
        by_booking.setdefault(handover.booking_id, []).append({"id": handover.id, "depot_id": handover.depot_id})
    return by_booking
