"""What accounts can be asked. Whoever may not see something is told no more than that it is not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from services.accounts.domain import email_address
from services.accounts.models import (
    Association,
    Invitation,
    Membership,
    Person,
    Qualification,
    StaffRoleHeld,
    is_news_to_person,
    open_invitations,
)
from shared.actors import ACTING_ROLES, CHAIR, MEMBER, SIGNATORY, VOLUNTEER_COORDINATOR, Actor, StaffRole
from shared.errors import forbidden, not_found
from shared.qualifications import QUALIFICATIONS
from shared.web.paging import paged

ASSOCIATION_FIELDS = (
    "id",
    "name",
    "town",
    "cvr",
    "adult_education_act",
    "target_group",
    "members_under_25",
    "members_over_25",
    "approved_on",
    "active",
    "version",
)
OPEN_ASSOCIATION_FIELDS = ("id", "name", "town")


def claims(session: Session, person_id: UUID) -> dict[str, Any]:
    """What an access token says of a person's rights, short: it travels with every request. Plain members have none."""
    roles: dict[str, list[str]] = {}
    for membership in session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.role.in_(ACTING_ROLES))
        .order_by(Membership.role)
    ):
        roles.setdefault(str(membership.association_id), []).append(membership.role)
    held = session.scalars(select(StaffRoleHeld).where(StaffRoleHeld.person_id == person_id))
    staff = sorted(str(StaffRole(each.role, each.scope_kind, each.scope_id)) for each in held)
    born_on = session.scalar(select(Person.born_on).where(Person.id == person_id))
    return {"for": roles, "staff": staff} | ({"born": born_on.isoformat()} if born_on else {})


def me(session: Session, person_id: UUID) -> dict[str, Any]:
    person = session.get(
        Person,
        person_id,
        options=[selectinload(Person.memberships).joinedload(Membership.association), selectinload(Person.staff_roles)],
        populate_existing=True,
    )
    if person is None:
        raise not_found("person")
    return {
        **{name: getattr(person, name) for name in ("id", "name", "email", "language", "phone", "born_on", "version")},
        "associations": _acts_for(person),
        "member_of": _member_of(person),
        "staff_roles": person.staff_roles,
    }


def _acts_for(person: Person) -> list[dict[str, Any]]:
    associations: dict[UUID, dict[str, Any]] = {}
    for membership in person.memberships:
        if membership.role in ACTING_ROLES:
            association = membership.association
            known = {"id": association.id, "name": association.name, "roles": []}
            associations.setdefault(association.id, known)["roles"].append(membership.role)
    return sorted(associations.values(), key=lambda entry: entry["name"])


def _member_of(person: Person) -> list[dict[str, Any]]:
    """Where she is a plain member."""
    found = [
        {"id": one.association_id, "name": one.association.name, "membership_id": one.id}
        for one in person.memberships
        if one.role == MEMBER
    ]
    return sorted(found, key=lambda entry: entry["name"])


def associations(session: Session, actor: Actor, words: str, page: int, page_size: int) -> dict[str, Any]:
    found = select(Association).order_by(Association.name)
    for word in words.split():
        found = found.where(
            or_(Association.name.icontains(word, autoescape=True), Association.town.icontains(word, autoescape=True))
        )
    result = paged(session, found, page, page_size)
    return {**result, "items": [_shown_to(actor, association) for association in result["items"]]}


def association(session: Session, actor: Actor, association_id: UUID) -> dict[str, Any]:
    found = session.get(Association, association_id)
    if found is None:
        raise not_found("association")
    return _shown_to(actor, found)


def _shown_to(actor: Actor, association: Association) -> dict[str, Any]:
    is_close = actor.is_administrator or actor.may_act_for(association.id)
    names = ASSOCIATION_FIELDS if is_close else OPEN_ASSOCIATION_FIELDS
    return {name: getattr(association, name) for name in names}


def memberships(session: Session, actor: Actor, association_id: UUID) -> list[dict[str, Any]]:
    """For who may act for it, and administrators."""
    if not (actor.may_act_for(association_id) or actor.is_administrator):
        raise not_found("association")
    rows = session.scalars(_memberships().where(Membership.association_id == association_id))
    return [_membership(row) for row in rows]


def membership(session: Session, membership_id: UUID) -> dict[str, Any]:
    return _membership(session.scalars(_memberships().where(Membership.id == membership_id)).one())


def _memberships() -> Select[Any]:
    return (
        select(Membership)
        .join(Membership.person)
        .options(joinedload(Membership.person))
        .order_by(Person.name, Membership.role)
    )


def _membership(row: Membership) -> dict[str, Any]:
    return {"id": row.id, "person_id": row.person_id, "name": row.person.name, "role": row.role}


def invitations(session: Session, actor: Actor, association_id: UUID, now: datetime) -> list[Invitation]:
    """Those that nobody has answered, for who leads the association: they tell e-mails."""
    leads = {CHAIR, SIGNATORY} & actor.memberships.get(association_id, frozenset())
    if not (leads or actor.is_administrator):
        raise forbidden() if actor.may_act_for(association_id) else not_found("association")
    found = open_invitations(now).where(Invitation.association_id == association_id)
    return list(session.scalars(found.order_by(Invitation.made_at.desc(), Invitation.id)))


def my_invitations(session: Session, person_id: UUID, now: datetime) -> list[dict[str, Any]]:
    found = (
        open_invitations(now)
        .join(Person, Person.email == Invitation.email)
        .where(Person.id == person_id, is_news_to_person())
        .options(joinedload(Invitation.association))
        .order_by(Invitation.made_at, Invitation.id)
    )
    return [
        {
            **{name: getattr(one, name) for name in ("id", "association_id", "role", "expires_at")},
            "association": one.association.name,
        }
        for one in session.scalars(found)
    ]


def people(session: Session, words: str, page: int, page_size: int) -> dict[str, Any]:
    found = select(Person).order_by(Person.name, Person.id)
    for word in words.split():
        found = found.where(
            or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True))
        )
    return paged(session, found, page, page_size)


def person(session: Session, person_id: UUID) -> Person:
    found: Person = session.get_one(Person, person_id)
    return found


def qualifications(session: Session, actor: Actor, person_id: UUID) -> dict[str, Any]:
    """A person's proofs, and all that there are; for herself and coordinators."""
    if actor.person_id != person_id and not actor.has_role(VOLUNTEER_COORDINATOR):
        raise forbidden()
    if session.get(Person, person_id) is None:
        raise not_found("person")
    rows = session.scalars(select(Qualification).where(Qualification.person_id == person_id))
    held = {row.qualification: row for row in rows}
    known = [
        {"qualification": slug, "name": gettext(name), "may_expire": may_expire}
        for slug, (name, may_expire) in QUALIFICATIONS.items()
    ]
    return {
        "items": [{**one, **_proof(held[one["qualification"]])} for one in known if one["qualification"] in held],
        "known": known,
    }


def _proof(row: Qualification) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("valid_until", "declared_on", "declared_by")}


def names(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[str, str]:
    """The names of those among `ids` whom the actor may know: herself, staff, and who is in an association of hers.

    Staff may know everybody; a plain member knows nobody of it.
    """
    found = select(Person.id, Person.name).where(Person.id.in_(ids))
    if not actor.is_staff:
        staff = select(StaffRoleHeld.person_id)
        fellows = select(Membership.person_id).where(Membership.association_id.in_(actor.memberships))
        found = found.where(or_(Person.id == actor.person_id, Person.id.in_(staff), Person.id.in_(fellows)))
    return {str(person_id): name for person_id, name in session.execute(found)}


def staff_roles(session: Session) -> list[dict[str, Any]]:
    return [_staff_role(held) for held in session.scalars(_staff_roles())]


def staff_role(session: Session, held_id: UUID) -> dict[str, Any]:
    return _staff_role(session.scalars(_staff_roles().where(StaffRoleHeld.id == held_id)).one())


def _staff_roles() -> Select[Any]:
    return (
        select(StaffRoleHeld)
        .join(StaffRoleHeld.person)
        .options(joinedload(StaffRoleHeld.person))
        .order_by(Person.name, StaffRoleHeld.role, StaffRoleHeld.id)
    )


def _staff_role(held: StaffRoleHeld) -> dict[str, Any]:
    own = {name: getattr(held, name) for name in ("id", "person_id", "role", "scope_kind", "scope_id")}
    return {**own, "name": held.person.name, "email": held.person.email}


def contacts_of_people(session: Session, person_ids: Collection[UUID]) -> Sequence[Person]:
    return session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)).all()


def birth_dates(session: Session, person_ids: Collection[UUID]) -> Sequence[Person]:
    return session.scalars(select(Person).where(Person.id.in_(person_ids), Person.born_on.is_not(None))).all()


def contacts_with_email(session: Session, email: str) -> Sequence[Person]:
    return session.scalars(select(Person).where(Person.email == email_address(email))).all()


def contacts_of_association(session: Session, association_id: UUID, roles: Collection[str]) -> Sequence[Person]:
    """Members with one of the roles, each once."""
    members = select(Membership.person_id).where(
        Membership.association_id == association_id, Membership.role.in_(roles)
    )
    return session.scalars(select(Person).where(Person.id.in_(members)).order_by(Person.id)).all()


def contacts_of_role(session: Session, role: str, scope_id: UUID | None) -> Sequence[Person]:
    """Who holds a staff role for the scope or for the whole municipality; not the administrators, who hold all."""
    holders = select(StaffRoleHeld.person_id).where(
        StaffRoleHeld.role == role, or_(StaffRoleHeld.scope_id == scope_id, StaffRoleHeld.scope_id.is_(None))
    )
    return session.scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.id)).all()
