"""Into an association by invitation: whoever leads it writes an e-mail, and the person with it says yes or no.

Nobody learns from this whether an address has an account: the invitation looks the same, and waits for one to come.
Nor does it matter to somebody who has as much already: she hears nothing of it, and it runs out.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import rights
from services.accounts.commands.invited import tell_invited
from services.accounts.commands.memberships import give_role
from services.accounts.models import Invitation, Person, is_news_to_person, open_invitations
from shared.actors import MEMBER, Actor
from shared.errors import not_found
from shared.ids import new_id


def invite(session: Session, actor: Actor, association_id: UUID, email: str, role: str, now: datetime) -> Invitation:
    """Addresses of people who never answered are not kept longer than their invitation is good."""
    association = rights.lock_association(session, association_id)
    rights.require_lead(session, actor, association_id, role)
    session.execute(delete(Invitation).where(Invitation.expires_at <= now))
    address = domain.email_address(email)
    if session.scalar(
        open_invitations(now).where(Invitation.association_id == association_id, Invitation.email == address)
    ):
        raise domain.already_invited()
    invitation = Invitation(
        id=new_id(),
        association_id=association_id,
        email=address,
        role=role,
        made_at=now,
        expires_at=now + domain.INVITATION_FOR,
    )
    session.add(invitation)
    session.flush()
    invited = select(Person.id).join(Invitation, Invitation.email == Person.email)
    person_id = session.scalar(invited.where(Invitation.id == invitation.id, is_news_to_person()))
    if person_id:
        tell_invited(session, invitation, association, person_id)
    return invitation


def withdraw(session: Session, actor: Actor, association_id: UUID, invitation_id: UUID) -> None:
    rights.lock_association(session, association_id)
    invitation = session.get(Invitation, invitation_id)
    is_here = invitation is not None and invitation.association_id == association_id
    rights.require_lead(session, actor, association_id, invitation.role if invitation and is_here else MEMBER)
    if invitation is None or not is_here:
        raise not_found("invitation")
    session.delete(invitation)


def accept_invitation(session: Session, actor: Actor, invitation_id: UUID, now: datetime) -> None:
    """Who has that role already gets no second one: the invitation is answered all the same."""
    invitation = _mine(session, actor, invitation_id, now)
    session.delete(invitation)
    give_role(session, invitation.association_id, actor.person_id, invitation.role, now)


def decline_invitation(session: Session, actor: Actor, invitation_id: UUID, now: datetime) -> None:
    session.delete(_mine(session, actor, invitation_id, now))


def _mine(session: Session, actor: Actor, invitation_id: UUID, now: datetime) -> Invitation:
    """Locked by its association, as everything about its members is."""
    mine = (
        open_invitations(now)
        .join(Person, Person.email == Invitation.email)
        .where(Invitation.id == invitation_id, Person.id == actor.person_id)
    )
    found: Invitation | None = session.scalar(mine)
    if found is None:
        raise not_found("invitation")
    rights.lock_association(session, found.association_id)
    still: Invitation | None = session.scalar(mine, execution_options={"populate_existing": True})
    if still is None:
        raise not_found("invitation")
    return still
