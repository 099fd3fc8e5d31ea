"""What accounts tells: who may act for whom. Names of associations are public; names of people never leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.base import Event, event


@event("accounts", key="association_id")
@dataclass(frozen=True)
class AssociationUpdated(Event):
    """An association was registered or changed; the whole of what others may show of it."""

    association_id: UUID
    name: str
    town: str
    active: bool = True


@event("accounts", key="person_id")
@dataclass(frozen=True)
class PersonRegistered(Event):
    person_id: UUID


@event("accounts", key="person_id")
@dataclass(frozen=True)
class MembershipGranted(Event):
    """role: chair, signatory or booker."""

    person_id: UUID
    association_id: UUID
    role: str


@event("accounts", key="person_id")
@dataclass(frozen=True)
class MembershipEnded(Event):
    person_id: UUID
    association_id: UUID
    role: str


@event("accounts", key="person_id")
@dataclass(frozen=True)
class StaffRoleGranted(Event):
    """role: depot_staff, facility_manager, volunteer_coordinator or administrator.

    scope_kind: depot, facility or municipality; scope_id is None for the municipality.
    """

    person_id: UUID
    role: str
    scope_kind: str
    scope_id: UUID | None = None


@event("accounts", key="person_id")
@dataclass(frozen=True)
class StaffRoleRevoked(Event):
    person_id: UUID
    role: str
    scope_kind: str
    scope_id: UUID | None = None


@event("accounts", key="person_id")
@dataclass(frozen=True)
class QualificationGranted(Event):
    """A person has a proof (see shared.qualifications), good until and with `valid_until`; None for always."""

    person_id: UUID
    qualification: str
    valid_until: date | None = None


@event("accounts", key="person_id")
@dataclass(frozen=True)
class QualificationEnded(Event):
    person_id: UUID
    qualification: str
