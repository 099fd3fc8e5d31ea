"""What bookings tells: who was promised what, for when, and what became of it.

What people wrote (reasons, purposes) stays in bookings: it may name anybody, and the log forgets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from shared.contracts.base import Event, event
from shared.contracts.values import Words

LineKind = Annotated[str, Words("pool", "numbered", "consumable", "facility")]
LineState = Annotated[str, Words("waiting", "confirmed", "refused", "cancelled")]
CancelledBy = Annotated[str, Words("borrower", "staff")]
AlternativeKind = Annotated[str, Words("fewer", "other", "dates")]


@dataclass(frozen=True)
class BookedLine:
    """One line of a booking: one thing for one period.

    kind: pool is interchangeable and counted, numbered has units with numbers, consumable is never returned.
    quantity: pieces; 1 for a facility.
    state: how it was decided on, or waiting for that.
    depot_id: the depot that lends it; null for a facility.
    unit_ids: the numbered units set aside; the depot may hand out others of the same type.
    """

    line_id: UUID
    resource_id: UUID
    kind: LineKind
    name: str
    quantity: int
    starts_at: datetime
    ends_at: datetime
    state: LineState
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
    """The borrower needs less of one line.

    quantity: pieces of the line from now on, 0 when it is dropped.
    """

    booking_id: UUID
    line_id: UUID
    quantity: int


@event("bookings", key="booking_id")
@dataclass(frozen=True)
class BookingCancelled(Event):
    """All lines that still stood are called off.

    by: whose side called it off.
    """

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    by: CancelledBy
    lines: tuple[BookedLine, ...]


@dataclass(frozen=True)
class Alternative:
    """What is free instead.

    kind: fewer of the same, another thing, or the same on other dates.
    quantity: pieces that are free.
    resource_id: the thing that is free.
    name: its name, in Danish.
    starts_at: start (inclusive) when it is free, an instant with its offset from UTC; null for the period asked for.
    ends_at: end (exclusive) likewise.
    """

    kind: AlternativeKind
    quantity: int
    resource_id: UUID | None = None
    name: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class ShortLine:
    """A line that the stock no longer covers, and what is free instead.

    short_by: pieces too few.
    depot_id: the depot that lends it; null for a facility.
    alternatives: what is free instead, the best first.
    """

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
    """The time of return has passed and not everything is back.

    ends_at: when it should have been back: an instant with its offset from UTC.
    depot_ids: the depots that wait for it.
    """

    booking_id: UUID
    number: str
    person_id: UUID
    association_id: UUID | None
    ends_at: datetime
    depot_ids: tuple[UUID, ...]
