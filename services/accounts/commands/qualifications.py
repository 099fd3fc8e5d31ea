"""Proofs that people have: declared by themselves, or for them by a coordinator, and taken back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import rights
from services.accounts.models import Person, Qualification
from shared import clock
from shared.actors import Actor
from shared.contracts.accounts import QualificationEnded, QualificationGranted
from shared.errors import Kind, not_found, refuse_if
from shared.messaging import record


def declare_qualification(
    session: Session, actor: Actor, person_id: UUID, qualification: str, valid_until: date | None
) -> None:
    """Say that a person has a proof, or has it anew."""
    _lock_person(session, actor, person_id)
    today = clock.today()
    refuse_if(domain.proof_problems(qualification, valid_until, today), Kind.INVALID, "invalid")
    known = session.get(Qualification, (person_id, qualification))
    is_news = known is None or known.valid_until != valid_until
    declared = {"valid_until": valid_until, "declared_on": today, "declared_by": actor.person_id}
    session.merge(Qualification(person_id=person_id, qualification=qualification, **declared))
    if is_news:
        record(session, QualificationGranted(person_id, qualification, valid_until))


def end_qualification(session: Session, actor: Actor, person_id: UUID, qualification: str) -> None:
    _lock_person(session, actor, person_id)
    known = session.get(Qualification, (person_id, qualification))
    if known is None:
        raise not_found("qualification")
    session.delete(known)
    record(session, QualificationEnded(person_id, qualification))


def _lock_person(session: Session, actor: Actor, person_id: UUID) -> None:
    """Herself, or anybody for a coordinator; one change at a time, so that events keep their order."""
    if actor.person_id != person_id:
        rights.require_coordinator(session, actor)
    if session.get(Person, person_id, with_for_update={"key_share": True}) is None:
        raise not_found("person")
