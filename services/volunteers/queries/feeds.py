"""Calendars: whose they are, and the shifts in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from services.volunteers.domain import feeds
from services.volunteers.models import Feed, Role, Seat, Shift, SignUp
from services.volunteers.models.shifts import CANCELLED, DRAFT
from services.volunteers.models.sign_ups import ALIVE
from shared.actors import Actor
from shared.errors import not_found

LONGEST = 1000  # shifts in one calendar


@dataclass(frozen=True)
class Entry:
    """A shift in a calendar; in one's own also how one is in it."""

    shift: Shift
    sign_up: SignUp | None = None
    role: str = ""


def feed_of(session: Session, token: str) -> Feed:
    """Raises Refusal (404) for an address that was never given, or was revoked."""
    feed = session.scalar(select(Feed).where(Feed.hash == feeds.hash_of(token), Feed.revoked_at.is_(None)))
    if feed is None:
        raise not_found("feed")
    return feed


def feeds_of(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Mine, the newest first; their addresses are known to nobody any more."""
    rows = session.execute(
        select(Feed, _cause_name())
        .where(Feed.person_id == actor.person_id, Feed.revoked_at.is_(None))
        .order_by(Feed.made_at.desc(), Feed.id)
    )
    return [_shown(feed, cause) for feed, cause in rows]


def name_of(session: Session, feed: Feed) -> str:
    """The area, organiser or cause; "" for one's own shifts."""
    cause = session.scalar(select(_cause_name()).where(Feed.id == feed.id)) if feed.kind == feeds.CAUSE else None
    return cause or feed.subject


def entries(session: Session, feed: Feed, now: datetime) -> Sequence[Entry]:
    """By start: what comes, what is past since lately, and what was called off lately."""
    if feed.kind == feeds.PERSON:
        return _own(session, feed.person_id, now)
    found = session.scalars(select(Shift).where(_about(feed), *_told(now)).order_by(*_BY_START).limit(LONGEST))
    return [Entry(shift) for shift in found]


_BY_START = (Shift.starts_at, Shift.id)


def _own(session: Session, person_id: UUID, now: datetime) -> list[Entry]:
    named = select(Seat.sign_up_id).where(Seat.person_id == person_id, Seat.active)
    hers = or_(and_(SignUp.person_id == person_id, SignUp.association_id.is_(None)), SignUp.id.in_(named))
    lately = or_(SignUp.state.in_(ALIVE), SignUp.ended_at > now - feeds.KEPT)
    rows = session.execute(
        select(Shift, SignUp, Role.name)
        .join(SignUp, SignUp.shift_id == Shift.id)
        .join(Role, Role.id == SignUp.role_id)
        .where(hers, lately, *_told(now))
        .order_by(*_BY_START, SignUp.id)
        .limit(LONGEST)
    )
    return [Entry(shift, sign_up, role) for shift, sign_up, role in rows]


def _about(feed: Feed) -> ColumnElement[bool]:
    if feed.kind == feeds.AREA:
        return Shift.area == feed.subject
    return Shift.organiser == feed.subject if feed.kind == feeds.ORGANISER else Shift.cause_id == UUID(feed.subject)


def _told(now: datetime) -> list[ColumnElement[bool]]:
    """A calendar that forgets at once leaves what was called off standing in its readers' own."""
    return [
        Shift.starts_at > now - feeds.KEPT,
        Shift.state != DRAFT,
        or_(Shift.state != CANCELLED, Shift.changed_at > now - feeds.KEPT),
    ]


def _cause_name() -> ColumnElement[Any]:
    return (
        select(Shift.cause)
        .where(Feed.kind == feeds.CAUSE, cast(Shift.cause_id, String) == Feed.subject)
        .limit(1)
        .correlate(Feed)
        .scalar_subquery()
    )


def _shown(feed: Feed, cause: str | None) -> dict[str, Any]:
    return {
        "id": feed.id,
        "kind": feed.kind,
        "subject": feed.subject,
        "name": cause or feed.subject,
        "made_at": feed.made_at,
    }
