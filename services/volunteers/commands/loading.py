"""Shifts and sign-ups as commands need them: locked, fresh, and only for those who may see them.

Whoever changes anything about a shift's sign-ups, seats or counters holds the shift's lock. Several shifts are locked
in the order of their ids, before anything else, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from services.volunteers.domain.rights import owns
from services.volunteers.models import Role, Shift, SignUp
from services.volunteers.models.roles import read_roles
from shared.actors import Actor
from shared.errors import not_found, stale

T = TypeVar("T")

FRESH = {"populate_existing": True}  # what was read before a lock may have changed while we waited for it

_LOCK = select(Shift).order_by(Shift.id).with_for_update(key_share=True, of=Shift).execution_options(**FRESH)
_BY_ID = _LOCK.where(Shift.id == bindparam("id"))
_BY_IDS = _LOCK.where(Shift.id.in_(bindparam("ids", expanding=True)))
_OF_SIGN_UP = _LOCK.where(Shift.id == select(SignUp.shift_id).where(SignUp.id == bindparam("id")).scalar_subquery())


def locked_shift(session: Session, shift_id: UUID) -> Shift:
    """Raises Refusal (404) if there is no such shift."""
    return _one(_locked(session, _BY_ID, id=shift_id))


def locked_shifts(session: Session, shift_ids: Collection[UUID]) -> list[Shift]:
    """Those that exist, in the order of their ids."""
    return _locked(session, _BY_IDS, ids=list(shift_ids))


def locked_sign_up(session: Session, sign_up_id: UUID) -> tuple[SignUp, Shift]:
    """The shift is locked first; a sign-up never moves to another. Raises Refusal (404)."""
    shift = _one(_locked(session, _OF_SIGN_UP, id=sign_up_id), "sign-up")
    return session.get_one(SignUp, sign_up_id, execution_options=FRESH), shift


def sign_up_to_change(session: Session, actor: Actor, sign_up_id: UUID, version: int) -> tuple[SignUp, Shift]:
    """One's own, or one's association's. Raises Refusal: 404 for everybody else, 412 if it changed meanwhile."""
    sign_up, shift = locked_sign_up(session, sign_up_id)
    if not owns(actor, sign_up.person_id, sign_up.association_id):
        raise not_found("sign-up")
    if sign_up.version != version:
        raise stale()
    return sign_up, shift


def role_of(shift: Shift, role_id: UUID) -> Role:
    """Raises Refusal (404) if it is no role of this shift."""
    return _one([role for role in shift.roles if role.id == role_id], "role")


def _locked(session: Session, statement: Select[Shift], **values: Any) -> list[Shift]:
    """The roles are read by a statement after the lock's, which sees what was committed while this one waited."""
    found = list(session.scalars(statement, values))
    read_roles(session, found)
    return found


def _one(found: list[T], what: str = "shift") -> T:
    if not found:
        raise not_found(what)
    return found[0]
