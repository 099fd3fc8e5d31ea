"""What accounts tells: who may act for whom. Names of associations are public; names of people never leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from shared.contracts.base import Event, event, upcaster
from shared.contracts.values import Words

ActingRole = Annotated[str, Words("chair", "signatory", "booker")]
MemberRole = Annotated[str, Words("chair", "signatory", "booker", "member")]
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
class BirthDateChanged(Event):
    """A person wrote, corrected or took away her date of birth; who needs it asks accounts, as it is in no event."""

    person_id: UUID


@event("accounts", key="person_id")
@dataclass(frozen=True)
class MembershipGrantedV1(Event):
    """As it was before there were members who may not act for their association.

    role: chair and signatory decide who else may; all three may book.
    """

    person_id: UUID
    association_id: UUID
    role: ActingRole


@event("accounts", key="person_id", version=2)
@dataclass(frozen=True)
class MembershipGranted(Event):
    """A person is in an association.

    role: chair and signatory decide who else is; they and the booker may act for it, a member may not.
    """

    person_id: UUID
    association_id: UUID
    role: MemberRole


@upcaster(from_type="accounts.membership-granted.v1")
def _granted_of_v1(event: MembershipGrantedV1) -> MembershipGranted:
    return MembershipGranted(event.person_id, event.association_id, event.role)


@event("accounts", key="person_id")
@dataclass(frozen=True)
class MembershipEndedV1(Event):
    """As it was before there were members who may not act for their association.

    role: the one she had.
    """

    person_id: UUID
    association_id: UUID
    role: ActingRole


@event("accounts", key="person_id", version=2)
@dataclass(frozen=True)
class MembershipEnded(Event):
    """A person no longer has a role in an association.

    role: the one she had.
    """

    person_id: UUID
    association_id: UUID
    role: MemberRole


@upcaster(from_type="accounts.membership-ended.v1")
def _ended_of_v1(event: MembershipEndedV1) -> MembershipEnded:
    return MembershipEnded(event.person_id, event.association_id, event.role)


@event("accounts", key="person_id")
@dataclass(frozen=True)
class InvitationMade(Event):
    """An association asks a person with an account whether she will be in it; she answers in the portal.

    invitation_id: the invitation; it is gone once it is answered, withdrawn or too old.
    association: the association's name.
    role: the one she gets if she says yes.
    """

    invitation_id: UUID
    person_id: UUID
    association_id: UUID
    association: str
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
