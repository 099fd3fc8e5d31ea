"""What accounts and inventory told, as far as the rules ask: associations, roles in them, proofs, places."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.volunteers.models import Association, Membership, Place, Qualification, Shift
from shared.contracts import accounts, inventory


def copy_association(session: Session, event: accounts.AssociationUpdated) -> None:
    """Shifts that name it may have come before it was known: from now on its own people plan them."""
    _keep(session, Association, id=event.association_id, name=event.name, active=event.active)
    session.execute(
        update(Shift)
        .where(Shift.organiser == event.name, Shift.organiser_id.is_(None))
        .values(organiser_id=event.association_id)
    )


def copy_membership(session: Session, event: accounts.MembershipGranted) -> None:
    _keep(session, Membership, person_id=event.person_id, association_id=event.association_id, role=event.role)


def end_membership(session: Session, event: accounts.MembershipEnded) -> None:
    session.execute(
        delete(Membership).where(
            Membership.person_id == event.person_id,
            Membership.association_id == event.association_id,
            Membership.role == event.role,
        )
    )


def copy_qualification(session: Session, event: accounts.QualificationGranted) -> None:
    _keep(
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


def _keep(session: Session, model: Any, **values: Any) -> None:
    """Insert or refresh a copy; a second time changes nothing."""
    key = [column.name for column in model.__table__.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    row = insert(model).values(values)
    session.execute(
        row.on_conflict_do_update(index_elements=key, set_=rest)
        if rest
        else row.on_conflict_do_nothing(index_elements=key)
    )
