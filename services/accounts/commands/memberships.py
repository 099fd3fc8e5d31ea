"""Roles in associations: given, changed and ended by who leads them; anybody may leave."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import rights
from services.accounts.commands.people import person_with
from services.accounts.models import Membership
from shared.actors import CHAIR, MEMBER, Actor
from shared.contracts.accounts import MembershipEnded, MembershipGranted
from shared.errors import Kind, not_found, refuse_if
from shared.ids import new_id
from shared.messaging import record


def grant_membership(
    session: Session, actor: Actor, association_id: UUID, email: str, role: str, now: datetime
) -> UUID:
    """Returns the membership's id. The answer tells who has an account: for administrators; others invite."""
    rights.lock_association(session, association_id)
    rights.require_to_grant(session, actor, association_id)
    added = give_role(session, association_id, person_with(session, email).id, role, now)
    if added is None:
        raise domain.already_granted()
    return added


def give_role(session: Session, association_id: UUID, person_id: UUID, role: str, now: datetime) -> UUID | None:
    """Returns the membership's id, None for who has as much already. The caller has locked the association.

    Who gets a right to act is no plain member any more.
    """
    held = _held(session, association_id, person_id)
    if role in held or (role == MEMBER and held):
        return None
    if MEMBER in held:
        return _turn(session, held[MEMBER], role, now)
    added = Membership(id=new_id(), association_id=association_id, person_id=person_id, role=role, granted_at=now)
    session.add(added)
    session.flush()
    record(session, MembershipGranted(person_id, association_id, role))
    return added.id


def change_membership(
    session: Session, actor: Actor, association_id: UUID, membership_id: UUID, role: str, now: datetime
) -> None:
    """Make a member a booker, or a booker a member."""
    rights.lock_association(session, association_id)
    membership = _membership(session, association_id, membership_id)
    rights.require_lead(session, actor, association_id, membership.role if membership else role)
    if membership is None:
        raise not_found("membership")
    held = set(_held(session, association_id, membership.person_id))
    refuse_if(domain.change_problems(held, membership.role, role), Kind.CONFLICT, "role-not-changed")
    _turn(session, membership, role, now)


def end_membership(session: Session, actor: Actor, association_id: UUID, membership_id: UUID) -> None:
    """End a role, one's own or another's. An association that has a chair keeps one: the lock lets in one at a time."""
    rights.lock_association(session, association_id)
    membership = _membership(session, association_id, membership_id)
    if membership is None or membership.person_id != actor.person_id:
        rights.require_lead(session, actor, association_id, membership.role if membership else MEMBER)
    if membership is None:
        raise not_found("membership")
    if membership.role == CHAIR and _chairs(session, association_id) == 1:
        raise domain.last_chair()
    session.delete(membership)
    record(session, MembershipEnded(membership.person_id, association_id, membership.role))


def _turn(session: Session, membership: Membership, role: str, now: datetime) -> UUID:
    """Told in this order, so that nobody sees her without any role in between."""
    before, membership.role, membership.granted_at = membership.role, role, now
    session.flush()
    record(session, MembershipGranted(membership.person_id, membership.association_id, role))
    record(session, MembershipEnded(membership.person_id, membership.association_id, before))
    return membership.id


def _membership(session: Session, association_id: UUID, membership_id: UUID) -> Membership | None:
    found: Membership | None = session.scalar(
        select(Membership).where(Membership.id == membership_id, Membership.association_id == association_id)
    )
    return found


def _held(session: Session, association_id: UUID, person_id: UUID) -> dict[str, Membership]:
    rows = session.scalars(
        select(Membership).where(Membership.association_id == association_id, Membership.person_id == person_id)
    )
    return {row.role: row for row in rows}


def _chairs(session: Session, association_id: UUID) -> int:
    chairs = select(Membership.id).where(Membership.association_id == association_id, Membership.role == CHAIR)
    return len(session.scalars(chairs).all())
