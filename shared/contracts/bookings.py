"""What bookings tells: who was promised what, for when, and what became of it.

What people wrote (reasons, purposes) stays in bookings: it may name anybody, and the log forgets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, event


@dataclass(frozen=True)
class BookedLine:
    """One line of a booking. Half-open instants in UTC. kind: pool, numbered, consumable or facility.

    state: waiting, confirmed, refused or cancelled. `depot_id` is None for a facility. `unit_ids` are the units
    set aside; the depot may hand out others of the same type.
    """

    line_id: UUID
    resource_id: UUID
    kind: str
    name: str
    quantity: int
    starts_at: datetime
    ends_at: datetime
    state: str
    unit_name: str = ""
    depot_id: UUID | None = None
    unit_ids: tuple[UUID, ...] = ()


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingRequested(Event):
    """A booking was made. Where nothing waits for approval, BookingApproved follows in the same transaction."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    lines: tuple[BookedLine, ...]


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingApproved(Event):
    """Every line is decided and at least one is confirmed: the promise stands."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    lines: tuple[BookedLine, ...]


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingRefused(Event):
    """Every line was refused."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    lines: tuple[BookedLine, ...]


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingReduced(Event):
    """The borrower needs less: the line's new quantity, 0 when the line is dropped."""

    booking_id: UUID
    line_id: UUID
    quantity: int


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingCancelled(Event):
    """by: borrower or staff."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    by: str
    lines: tuple[BookedLine, ...]


@dataclass(frozen=True)
class Alternative:
    """What is free instead. kind: fewer (quantity), other (resource_id, name, quantity) or dates (starts_at…)."""

    kind: str
    quantity: int
    resource_id: UUID | None = None
    name: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class ShortLine:
    """A line that the stock no longer covers, `short_by` too few, and what is free instead."""

    line_id: UUID
    resource_id: UUID
    name: str
    quantity: int
    short_by: int
    unit_name: str = ""
    depot_id: UUID | None = None
    alternatives: tuple[Alternative, ...] = ()


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingPutAtRisk(Event):
    """Stock shrank or something is overdue, and this booking no longer fits: all lines that are short now."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    lines: tuple[ShortLine, ...]


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingSecured(Event):
    """A booking that was at risk fits again."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingBecameOverdue(Event):
    """The time of return has passed and not everything is back."""

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    ends_at: datetime
    depot_ids: tuple[UUID, ...]
