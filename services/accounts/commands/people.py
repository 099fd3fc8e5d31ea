"""Register people; let them change their own profile."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import passwords, rights
from services.accounts.commands.invited import tell_newcomer
from services.accounts.models import Person
from shared import clock
from shared.actors import Actor
from shared.contracts.accounts import BirthDateChanged, PersonRegistered
from shared.errors import Kind, not_found, refuse_if, stale
from shared.ids import new_id
from shared.messaging import record


def register_person(
    session: Session,
    actor: Actor,
    email: str,
    name: str,
    language: str,
    now: datetime,
    person_id: UUID | None = None,
) -> UUID:
    """Returns the new person's id, which by default tells nothing of the e-mail: ids stay in the log for ever."""
    rights.require_administrator(session, actor)
    address = domain.email_address(email)
    values = {"id": person_id or new_id(), "email": address, "name": name.strip()}
    added: UUID | None = session.scalar(
        insert(Person)
        .values(**values, language=language, phone="", registered_at=now, version=1)
        .on_conflict_do_nothing()
        .returning(Person.id)
    )
    if added is None:
        raise domain.email_taken()
    record(session, PersonRegistered(added))
    tell_newcomer(session, added, address, now)
    return added


def change_profile(session: Session, actor: Actor, changes: dict[str, Any], version: int) -> Person:
    """Change one's own name, phone, language or birth date; of that one others hear only that it is another."""
    if born_on := changes.get("born_on"):
        refuse_if(domain.birth_date_problems(born_on, clock.today()), Kind.INVALID, "invalid")
    person: Person | None = session.scalar(select(Person).where(Person.id == actor.person_id).with_for_update())
    if person is None:
        raise not_found("person")
    if person.version != version:
        raise stale()
    changed = {name: value for name, value in changes.items() if getattr(person, name) != value}
    for name, value in changed.items():
        setattr(person, name, value)
    person.version += bool(changed)
    if "born_on" in changed:
        record(session, BirthDateChanged(person.id))
    session.flush()
    return person


def set_password(session: Session, person_id: UUID, password: str) -> None:
    person = session.get_one(Person, person_id)
    person.password_hash = passwords.hashed(password)


def person_with(session: Session, email: str) -> Person:
    """Whom an e-mail means. Raises Refusal if nobody is registered with it."""
    person: Person | None = session.scalar(select(Person).where(Person.email == domain.email_address(email)))
    if person is None:
        raise domain.unknown_person()
    return person
