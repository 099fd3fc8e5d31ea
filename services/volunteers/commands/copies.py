"""What accounts and inventory told, as far as the rules ask: associations, roles in them, proofs, places."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.volunteers.models import Association, Membership, Place, Qualification, Shift
from shared.contracts import accounts, inventory
from shared.messaging.copying import keep


def copy_association(session: Session, event: accounts.AssociationUpdated) -> None:
    keep(session, Association, id=event.association_id, name=event.name, active=event.active)


def give_shifts_to_association(session: Session, event: accounts.AssociationUpdated) -> None:
    """Shifts that name it may have come before it was known: from now on its own people plan them."""
    session.execute(
        update(Shift)
        .where(Shift.organiser == event.name, Shift.organiser_id.is_(None))
        .values(organiser_id=event.association_id)
    )


def copy_membership(session: Session, event: accounts.MembershipGranted) -> None:
    keep(session, Membership, person_id=event.person_id, association_id=event.association_id, role=event.role)


def end_membership(session: Session, event: accounts.MembershipEnded) -> None:
    session.execute(
        delete(Membership).where(
            Membership.person_id == event.person_id,
            Membership.association_id == event.association_id,
            Membership.role == event.role,
        )
    )


def copy_qualification(session: Session, event: accounts.QualificationGranted) -> None:
    keep(
        session,
        Qualification,
        person_id=event.person_id,
        qualification=event.qualification,
        valid_until=event.valid_until,
    )


def end_qualification(session: Session, event: accounts.QualificationEnded) -> None:
    session.execute(
        delete(Qualification).where(
            Qualification.person_id == event.person_id, Qualification.qualification == event.qualification
        )
    )


def know_facility(session: Session, event: inventory.FacilityUpdated) -> None:
    """A facility is a place where work may be done. What the coordinators' own table says of it stands."""
    place = insert(Place).values(name=event.name, area=event.town, latitude=None, longitude=None)
    session.execute(place.on_conflict_do_nothing())
