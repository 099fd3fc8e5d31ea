"""Make and revoke the address of a calendar."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, select, update
from sqlalchemy.orm import Session

from services.volunteers.domain import feeds
from services.volunteers.models import Feed, Place, Shift
from services.volunteers.models.shifts import DRAFT
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, Refusal, forbidden, not_found


def make_feed(
    session: Session, actor: Actor, kind: str, subject: str, language: str, now: datetime
) -> tuple[Feed, str]:
    """The feed, and its token, which is known to nobody afterwards. Raises Refusal (403, 409, 422)."""
    if actor.service:
        raise forbidden()
    _refuse_too_many(session, actor)
    _refuse_unknown(session, kind, subject)
    token = feeds.new_token()
    feed = Feed(
        hash=feeds.hash_of(token),
        kind=kind,
        subject=subject,
        language=language,
        person_id=actor.person_id,
        made_at=now,
    )
    session.add(feed)
    session.flush()
    return feed, token


def revoke_feed(session: Session, actor: Actor, feed_id: UUID, now: datetime) -> None:
    """From now on its address shows nothing. Raises Refusal (404) for others' feeds, and the second time."""
    mine = update(Feed).where(Feed.id == feed_id, Feed.person_id == actor.person_id, Feed.revoked_at.is_(None))
    if session.execute(mine.values(revoked_at=now).returning(Feed.id)).first() is None:
        raise not_found("feed")


def _refuse_too_many(session: Session, actor: Actor) -> None:
    mine = select(func.count()).where(Feed.person_id == actor.person_id, Feed.revoked_at.is_(None))
    if (session.scalar(mine) or 0) >= feeds.MOST_FEEDS:
        text = N_("Du har allerede {most} kalendere. Slet en, du ikke bruger.")
        reason = Reason("too-many-feeds", text, None, {"most": feeds.MOST_FEEDS})
        raise Refusal(Kind.CONFLICT, "too-many-feeds", [reason])


def _refuse_unknown(session: Session, kind: str, subject: str) -> None:
    known = not subject if kind == feeds.PERSON else session.scalar(select(_exists(kind, subject)))
    if not known:
        text = N_("Det findes der ingen vagter for. Vælg fra listen over vagter.")
        raise Refusal(Kind.INVALID, "invalid", [Reason("unknown-subject", text, "subject")])


def _exists(kind: str, subject: str) -> ColumnElement[bool]:
    told = Shift.state != DRAFT
    if kind == feeds.AREA:
        return exists().where(Place.area == subject) | exists().where(Shift.area == subject, told)
    if kind == feeds.ORGANISER:
        return exists().where(Shift.organiser == subject, told)
    return exists().where(cast(Shift.cause_id, String) == subject, told)
