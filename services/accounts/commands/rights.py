"""Who may change people's roles: asked of the tables, since a token may be older than the loss of a role."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.accounts.domain import EVERYDAY_ROLES
from services.accounts.models import Association, Membership, StaffRoleHeld
from shared.actors import ACTING_ROLES, ADMINISTRATOR, CHAIR, NOBODY, SIGNATORY, VOLUNTEER_COORDINATOR, Actor
from shared.errors import N_, forbidden, not_found

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


def lock_association(session: Session, association_id: UUID) -> Association:
    """What concerns its members happens one at a time."""
    association = session.get(Association, association_id, with_for_update={"key_share": True})
    if association is None:
        raise not_found("association")
    return association


def require_lead(session: Session, actor: Actor, association_id: UUID, role: str) -> None:
    """To decide who has `role`: chairs and administrators; signatories for bookers and members.

    Others, plain members too, may not know of its members.
    """
    if is_administrator(session, actor):
        return
    own = _acting_roles(session, actor, association_id)
    if CHAIR in own or (SIGNATORY in own and role in EVERYDAY_ROLES):
        return
    if SIGNATORY in own:
        raise forbidden(N_("Kun formanden bestemmer, hvem der er formand og tegningsberettiget. Bed formanden om det."))
    raise forbidden(N_("Kun formanden og de tegningsberettigede bestemmer, hvem der er med. Bed en af dem om det."))


def require_to_grant(session: Session, actor: Actor, association_id: UUID) -> None:
    """Without asking the person first: only administrators."""
    if not is_administrator(session, actor):
        _acting_roles(session, actor, association_id)
        raise forbidden(N_("Send personen en invitation i stedet. Så siger personen selv ja."))


def _acting_roles(session: Session, actor: Actor, association_id: UUID) -> set[str]:
    """Raises Refusal (404) for who has none."""
    own = set(
        session.scalars(
            select(Membership.role).where(
                Membership.association_id == association_id,
                Membership.person_id == actor.person_id,
                Membership.role.in_(ACTING_ROLES),
            )
        )
    )
    if not own:
        raise not_found("association")
    return own
