"""Staff roles: given and revoked by administrators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import rights
from services.accounts.commands.people import person_with
from services.accounts.models import StaffRoleHeld
from shared.actors import ADMINISTRATOR, Actor
from shared.contracts.accounts import StaffRoleGranted, StaffRoleRevoked
from shared.errors import Kind, not_found, refuse_if
from shared.ids import new_id
from shared.messaging import record


def grant_staff_role(
    session: Session, actor: Actor, email: str, role: str, scope_kind: str, scope_id: UUID | None, now: datetime
) -> UUID:
    """Returns the id of the role held."""
    rights.require_administrator(session, actor)
    refuse_if(domain.scope_problems(role, scope_kind, scope_id), Kind.INVALID, "invalid-scope")
    person = person_with(session, email)
    granted = StaffRoleGranted(person.id, role, scope_kind, scope_id)
    added: UUID | None = session.scalar(
        insert(StaffRoleHeld)
        .values(id=new_id(), granted_at=now, **asdict(granted))
        .on_conflict_do_nothing()
        .returning(StaffRoleHeld.id)
    )
    if added is None:
        raise domain.already_granted()
    record(session, granted)
    return added


def revoke_staff_role(session: Session, actor: Actor, held_id: UUID) -> None:
    """Take a staff role back; the municipality keeps an administrator."""
    rights.require_administrator(session, actor)
    administrators = session.scalars(
        select(StaffRoleHeld.id).where(StaffRoleHeld.role == ADMINISTRATOR).order_by(StaffRoleHeld.id).with_for_update()
    ).all()
    held = session.get(StaffRoleHeld, held_id)
    if held is None:
        raise not_found("staff-role")
    if list(administrators) == [held.id]:
        raise domain.last_administrator()
    session.delete(held)
    record(session, StaffRoleRevoked(held.person_id, held.role, held.scope_kind, held.scope_id))
