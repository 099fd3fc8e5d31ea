"""What accounts tells: who may act for whom. Names of associations are public; names of people never leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from shared.contracts.base import Event, event
from shared.contracts.values import Words

MemberRole = Annotated[str, Words("chair", "signatory", "booker")]
StaffRole = Annotated[str, Words("depot_staff", "facility_manager", "volunteer_coordinator", "administrator")]
Scope = Annotated[str, Words("depot", "facility", "municipality")]


@event("accounts", key="association_id")
@dataclass(frozen=True)
class AssociationUpdated(Event):
    """An association was registered or changed; the whole of what others may show of it.

    active: false once it no longer borrows.
    """

    association_id: UUID
    name: str
    town: str
    active: bool = True


@event("accounts", key="person_id")
@dataclass(frozen=True)
class PersonRegistered(Event):
    """Somebody has a log-in now."""

    person_id: UUID


@event("accounts", key="person_id")
@dataclass(frozen=True)
class MembershipGranted(Event):
    """A person may act for an association.

    role: chair and signatory decide who else may; all three may book.
    """

    person_id: UUID
    association_id: UUID
    role: MemberRole


@event("accounts", key="person_id")
@dataclass(frozen=True)
class MembershipEnded(Event):
    """A person no longer acts for an association.

    role: the one she had.
    """

    person_id: UUID
    association_id: UUID
    role: MemberRole


@event("accounts", key="person_id")
@dataclass(frozen=True)
class StaffRoleGranted(Event):
    """A person works for the municipality in this role.

    role: what she may do.
    scope_kind: what it reaches over.
    scope_id: the depot or facility; null for the whole municipality.
    """

    person_id: UUID
    role: StaffRole
    scope_kind: Scope
    scope_id: UUID | None = None


@event("accounts", key="person_id")
@dataclass(frozen=True)
class StaffRoleRevoked(Event):
    """A person no longer has this role.

    role: the one she had.
    scope_kind: what it reached over.
    scope_id: the depot or facility; null for the whole municipality.
    """

    person_id: UUID
    role: StaffRole
    scope_kind: Scope
    scope_id: UUID | None = None


@event("accounts", key="person_id")
@dataclass(frozen=True)
class QualificationGranted(Event):
    """A person has a proof.

    qualification: its slug; a municipality adds its own (shared/qualifications.py).
    valid_until: the last day on which it is good; null for always.
    """

    person_id: UUID
    qualification: str
    valid_until: date | None = None


@event("accounts", key="person_id")
@dataclass(frozen=True)
class QualificationEnded(Event):
    """A person no longer has a proof.

    qualification: its slug.
    """

    person_id: UUID
    qualification: str
