"""Who may change people's roles: asked of the tables, since a token may be older than the loss of a role."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.accounts.models import Association, Membership, StaffRoleHeld
from shared.actors import ADMINISTRATOR, CHAIR, NOBODY, VOLUNTEER_COORDINATOR, Actor
from shared.errors import forbidden, not_found

SYSTEM = Actor(NOBODY, service="accounts")  # the service itself, for its seeds; no token says this


def is_administrator(session: Session, actor: Actor) -> bool:
    return _holds(session, actor, ADMINISTRATOR)


def _holds(session: Session, actor: Actor, *roles: str) -> bool:
    held = exists().where(StaffRoleHeld.person_id == actor.person_id, StaffRoleHeld.role.in_(roles))
    return actor == SYSTEM or bool(session.scalar(select(held)))


def require_administrator(session: Session, actor: Actor) -> None:
    if not is_administrator(session, actor):
        raise forbidden()


def require_coordinator(session: Session, actor: Actor) -> None:
    if not _holds(session, actor, VOLUNTEER_COORDINATOR, ADMINISTRATOR):
        raise forbidden()


def require_chair(session: Session, actor: Actor, association_id: UUID) -> None:
    """Lock the association for the actor: a chair of it or an administrator. Others may not know of its members."""
    roles = set(
        session.scalars(
            select(Membership.role).where(
                Membership.association_id == association_id, Membership.person_id == actor.person_id
            )
        )
    )
    association = session.get(Association, association_id, with_for_update={"key_share": True})
    if association is None or not (roles or is_administrator(session, actor)):
        raise not_found("association")
    if CHAIR not in roles and not is_administrator(session, actor):
        raise forbidden()
