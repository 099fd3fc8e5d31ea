"""What inventory tells: what exists, how much of it there is, and what went out and came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.contracts.base import Event, event


@dataclass(frozen=True)
class OpeningHours:
    """One opening on one weekday (0 = Monday), local wall time "HH:MM", half-open."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True)
class Unit:
    """A numbered unit that can be lent; broken, missing and retired ones are not listed."""

    unit_id: UUID
    number: int


@event("inventory", key="depot_id")
@dataclass(frozen=True)
class DepotUpdated(Event):
    """A depot was opened or changed. `closed_on` are its own closing days beside the public holidays."""

    depot_id: UUID
    name: str
    town: str
    opening_hours: tuple[OpeningHours, ...]
    closed_on: tuple[date, ...] = ()


@event("inventory", key="resource_id")
@dataclass(frozen=True)
class MaterialUpdated(Event):
    """A material was added or changed: the whole of it.

    kind: pool (interchangeable, counted), numbered (units with numbers) or consumable (never returned).
    delivery: pickup or staff. `total` is what can be lent in all, handed out or not; for a consumable what
    is left. `requirement` is the course or licence asked for, or "". `value_ore` is in øre a piece.
    `picture` is the slug of a drawing.
    """

    resource_id: UUID
    kind: str
    name: str
    category: str
    depot_id: UUID
    unit_name: str
    total: int
    preparation_days: int
    delivery: str
    requirement: str = ""
    needs_approval: bool = False
    lead_time_hours: int = 0
    longest_loan_days: int | None = None
    value_ore: int = 0
    units: tuple[Unit, ...] = ()
    active: bool = True
    picture: str = ""


@event("inventory", key="resource_id")
@dataclass(frozen=True)
class FacilityUpdated(Event):
    """A facility was added or changed: the whole of it. `parent_id` names the hall that a half belongs to."""

    resource_id: UUID
    name: str
    category: str
    town: str
    owner: str
    capacity: int
    accessible: bool
    opening_hours: tuple[OpeningHours, ...]
    parent_id: UUID | None = None
    needs_approval: bool = True
    lead_time_hours: int = 0
    longest_loan_days: int | None = None
    active: bool = True
    picture: str = ""


@event("inventory", key="resource_id")
@dataclass(frozen=True)
class StockChanged(Event):
    """How much of a material can be lent in all is another now.

    cause: correction, broken, missing, found, repaired or consumed. At a handover `booking_id` and `booking_line_id`
    name the promise that what left the stock belonged to, so that it is counted once. `units` as in MaterialUpdated.
    """

    resource_id: UUID
    total: int
    change: int
    cause: str
    units: tuple[Unit, ...] = ()
    booking_id: UUID | None = None
    booking_line_id: UUID | None = None


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class HandoverPrepared(Event):
    """The depot knows of the booking and has a pick list for it."""

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID


@dataclass(frozen=True)
class HandedOutLine:
    """`quantity` went out with the borrower; `broken` were found broken and stayed. `unit_ids` if numbered."""

    booking_line_id: UUID
    resource_id: UUID
    quantity: int
    broken: int = 0
    unit_ids: tuple[UUID, ...] = ()


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class MaterialsHandedOut(Event):
    """A part or all was handed out. `complete`: nothing more will be handed out for this handover."""

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID
    staff_id: UUID
    at: datetime
    lines: tuple[HandedOutLine, ...]
    complete: bool


@dataclass(frozen=True)
class ReturnedLine:
    """`quantity` came back whole, `broken` came back broken, `missing` will not come back."""

    booking_line_id: UUID
    resource_id: UUID
    quantity: int
    broken: int = 0
    missing: int = 0
    unit_ids: tuple[UUID, ...] = ()


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class MaterialsReturned(Event):
    """A part or all came back. `complete`: everything handed out is accounted for."""

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID
    staff_id: UUID
    at: datetime
    lines: tuple[ReturnedLine, ...]
    complete: bool


@dataclass(frozen=True)
class ShortageLine:
    resource_id: UUID
    name: str
    broken: int
    missing: int


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class ShortageReported(Event):
    """Something was found broken or missing at a handover (mangelrapport). `stage`: hand-out or return."""

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID
    stage: str
    at: datetime
    lines: tuple[ShortageLine, ...]
