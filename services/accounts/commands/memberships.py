"""Roles in associations: given and ended by a chair or an administrator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import rights
from services.accounts.commands.people import person_with
from services.accounts.models import Membership
from shared.actors import CHAIR, Actor
from shared.contracts.accounts import MembershipEnded, MembershipGranted
from shared.errors import not_found
from shared.ids import new_id
from shared.messaging import record


def grant_membership(
    session: Session, actor: Actor, association_id: UUID, email: str, role: str, now: datetime
) -> UUID:
    """Returns the membership's id."""
    rights.require_chair(session, actor, association_id)
    person = person_with(session, email)
    added: UUID | None = session.scalar(
        insert(Membership)
        .values(id=new_id(), association_id=association_id, person_id=person.id, role=role, granted_at=now)
        .on_conflict_do_nothing()
        .returning(Membership.id)
    )
    if added is None:
        raise domain.already_granted()
    record(session, MembershipGranted(person.id, association_id, role))
    return added


def end_membership(session: Session, actor: Actor, association_id: UUID, membership_id: UUID) -> None:
    """End one role. An association that has a chair keeps one; require_chair's lock lets in one at a time."""
    rights.require_chair(session, actor, association_id)
    membership = session.get(Membership, membership_id)
    if membership is None or membership.association_id != association_id:
        raise not_found("membership")
    if membership.role == CHAIR and _chairs(session, association_id) == 1:
        raise domain.last_chair()
    session.delete(membership)
    record(session, MembershipEnded(membership.person_id, association_id, membership.role))


def _chairs(session: Session, association_id: UUID) -> int:
    query = select(func.count()).where(Membership.association_id == association_id, Membership.role == CHAIR)
    return session.scalars(query).one()
