"""Whether somebody may be asked to help where too few have signed up."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.volunteers.models import Volunteer
from shared.actors import Actor
from shared.errors import forbidden, stale


def prefer(session: Session, actor: Actor, may_be_asked: bool, version: int) -> None:
    """`version` 0: nothing was chosen before. Raises Refusal: 403 for services, 412 if it changed meanwhile."""
    if actor.service:
        raise forbidden()
    known = _locked(session, actor.person_id)
    if known.version != max(version, 1):
        raise stale()
    known.may_be_asked = may_be_asked
    known.version += 1


def stop_asking(session: Session, person_id: UUID) -> None:
    known = _locked(session, person_id)
    known.may_be_asked = False
    known.version += 1


def _locked(session: Session, person_id: UUID) -> Volunteer:
    """Also for who has not signed up yet, as long as nobody else makes the row."""
    session.execute(insert(Volunteer).values(person_id=person_id).on_conflict_do_nothing())
    return session.get_one(Volunteer, person_id, with_for_update=True, populate_existing=True)
