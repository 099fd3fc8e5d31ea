"""Shifts as rows of a plan, and the ground on which a plan is judged."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.holidays import SchoolBreak
from services.volunteers.domain.plan_rules import Contacts
from services.volunteers.domain.plans import RoleRow, Row
from services.volunteers.domain.rights import coordinated_organisers
from services.volunteers.models.people import Membership, SchoolHoliday
from services.volunteers.models.shifts import Role, Shift
from shared.actors import ACTING_ROLES, Actor
from shared.clock import local

SAME = (
    "title",
    "place",
    "area",
    "organiser",
    "insurance",
    "description",
    "minimum_age",
    "children_welcome",
    "child_minimum_age",
    "organiser_id",
    "contact_id",
    "contact_name",
    "contact_phone",
    "contact_email",
    "meeting_point",
    "bring",
    "audience",
    "audience_id",
    "cause",
    "check_hours",
)  # what a shift and its row both have, under the same name


def row_of(shift: Shift) -> Row:
    starts, ends = local(shift.starts_at), local(shift.ends_at)
    return Row(
        day=starts.date(),
        starts=starts.time(),
        ends=ends.time(),
        roles=tuple(_role_row(role) for role in shift.roles),
        id=shift.id,
        version=shift.version,
        **{name: getattr(shift, name) for name in SAME},
    )


def _role_row(role: Role) -> RoleRow:
    return RoleRow(role.name, role.capacity, role.minimum, tuple(role.requirements), role.id)


def contacts_for(session: Session, actor: Actor | None) -> Contacts:
    """Whom she may name as a contact, by organiser: herself, and who speaks for it. None: anybody."""
    own = coordinated_organisers(actor) if actor else None
    if actor is None or own is None:
        return None
    contacts = {organiser_id: {actor.person_id} for organiser_id in own}
    speak = select(Membership).where(Membership.association_id.in_(own), Membership.role.in_(ACTING_ROLES))
    for one in session.scalars(speak):
        contacts[one.association_id].add(one.person_id)
    return contacts


def school_breaks(session: Session) -> list[SchoolBreak]:
    return [
        SchoolBreak(one.name, one.first_day, one.last_day)
        for one in session.scalars(select(SchoolHoliday).order_by(SchoolHoliday.first_day))
    ]
