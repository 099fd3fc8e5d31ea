"""Who acts, for whom, and with which rights: read from the token, asked by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

DEPOT_STAFF = "depot_staff"
FACILITY_MANAGER = "facility_manager"
VOLUNTEER_COORDINATOR = "volunteer_coordinator"
ADMINISTRATOR = "administrator"
STAFF_ROLES = (DEPOT_STAFF, FACILITY_MANAGER, VOLUNTEER_COORDINATOR, ADMINISTRATOR)

CHAIR, SIGNATORY, BOOKER = ACTING_ROLES = ("chair", "signatory", "booker")
MEMBER = "member"  # is in the association, and may do nothing in its name
MEMBER_ROLES = (*ACTING_ROLES, MEMBER)

NOBODY = UUID(int=0)


class StaffRole(NamedTuple):
    """A role within a scope: one depot, one facility, or the municipality (scope_id None), which holds all."""

    role: str
    scope_kind: str
    scope_id: UUID | None

    @classmethod
    def parse(cls, text: str) -> StaffRole:
        """Read "depot_staff:depot:<uuid>" or "administrator:municipality:"."""
        role, scope_kind, scope_id = text.split(":")
        return cls(role, scope_kind, UUID(scope_id) if scope_id else None)

    def __str__(self) -> str:
        return f"{self.role}:{self.scope_kind}:{self.scope_id or ''}"


@dataclass(frozen=True)
class Actor:
    """A signed-in person (or, with `service`, one of our own services), acting for herself or an association.

    `memberships`: the roles in which she may act for an association, and those alone; plain members are not in it.
    `born_on` travels in the token alone, never in an event: a birth date on the log could not be erased.
    """

    person_id: UUID
    acting_for: UUID | None = None
    memberships: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    staff: frozenset[StaffRole] = frozenset()
    service: str = ""
    born_on: date | None = None

    @property
    def is_administrator(self) -> bool:
        return any(role.role == ADMINISTRATOR for role in self.staff)

    @property
    def is_staff(self) -> bool:
        return bool(self.staff)

    def has_role(self, role: str, scope_id: UUID | None = None) -> bool:
        """True if she holds `role` for that depot or facility, for the whole municipality, or administers it all."""
        return self.is_administrator or any(
            held.role == role and held.scope_id in (None, scope_id) for held in self.staff
        )

    def scopes(self, role: str) -> frozenset[UUID] | None:
        """The depots or facilities for which she holds `role`; None means all of them."""
        held = [staff.scope_id for staff in self.staff if staff.role == role]
        if self.is_administrator or None in held:
            return None
        return frozenset(scope for scope in held if scope)

    def may_act_for(self, association_id: UUID | None) -> bool:
        return association_id is not None and association_id in self.memberships
