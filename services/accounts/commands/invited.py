"""Who hears of an invitation: a person with an account, now or once she has one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.accounts.models import Association, Invitation, open_invitations
from shared.contracts.accounts import InvitationMade
from shared.messaging import record


def tell_invited(session: Session, invitation: Invitation, association: Association, person_id: UUID) -> None:
    event = InvitationMade(invitation.id, person_id, association.id, association.name, invitation.role)
    record(session, event)


def tell_newcomer(session: Session, person_id: UUID, email: str, now: datetime) -> None:
    """Who got an account only now hears of the invitations that have waited for her."""
    waiting = open_invitations(now).add_columns(Association).join(Association).where(Invitation.email == email)
    for invitation, association in session.execute(waiting).all():
        tell_invited(session, invitation, association, person_id)
