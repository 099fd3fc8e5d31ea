"""What inventory tells: what exists, how much of it there is, and what went out and came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from shared.contracts.base import Event, event, upcaster
from shared.contracts.values import Words

MaterialKind = Annotated[str, Words("pool", "numbered", "consumable")]
Delivery = Annotated[str, Words("pickup", "staff")]
StockCause = Annotated[str, Words("correction", "broken", "missing", "found", "repaired", "consumed")]
Stage = Annotated[str, Words("hand-out", "return")]


@dataclass(frozen=True)
class OpeningHours:
    """One opening on one weekday, half-open.

    weekday: 0 is Monday, 6 is Sunday.
    opens: local wall time, "HH:MM".
    closes: local wall time, "HH:MM"; "24:00" is midnight after.
    """

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True)
class Unit:
    """A numbered unit that can be lent; broken, missing and retired ones are not listed.

    unit_id: the unit.
    number: the number painted on it.
    """

    unit_id: UUID
    number: int


@event("inventory", key="depot_id")
@dataclass(frozen=True)
class DepotUpdated(Event):
    """A depot was opened or changed: the whole of it.

    depot_id: the depot.
    closed_on: its own closing days, beside the public holidays.
    """

    depot_id: UUID
    name: str
    town: str
    opening_hours: tuple[OpeningHours, ...]
    closed_on: tuple[date, ...] = ()


@event("inventory", key="resource_id")
@dataclass(frozen=True)
class MaterialUpdated(Event):
    """A material was added or changed: the whole of it.

    kind: pool is interchangeable and counted, numbered has units with numbers, consumable is never returned.
    total: pieces that can be lent in all, handed out or not; for a consumable what is left.
    preparation_days: opening days that the depot needs between two loans.
    delivery: pickup at the depot, or staff bring it.
    requirement: the course or licence that is asked for, empty for none.
    value_ore: what one piece is worth, in øre.
    """

    resource_id: UUID
    kind: MaterialKind
    name: str
    category: str
    depot_id: UUID
    unit_name: str
    total: int
    preparation_days: int
    delivery: Delivery
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
    """A facility was added or changed: the whole of it.

    owner: who runs it, as it is shown.
    capacity: people who may be in it at once.
    parent_id: the hall that a half belongs to; null for a whole one.
    """

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


@dataclass(frozen=True)
class PromisedLine:
    """The promise that what left the stock belonged to."""

    booking_id: UUID
    booking_line_id: UUID


@event("inventory", key="resource_id", version=2)
@dataclass(frozen=True)
class StockChanged(Event):
    """How much of a material can be lent in all is another now.

    total: pieces that can be lent in all from now on.
    change: pieces that came to it, negative for those that went.
    cause: why.
    promise: the promise that the pieces belonged to when it happened at a handover, so that they are counted once;
        null otherwise.
    """

    resource_id: UUID
    total: int
    change: int
    cause: StockCause
    units: tuple[Unit, ...] = ()
    promise: PromisedLine | None = None


@event("inventory", key="resource_id", version=1)
@dataclass(frozen=True)
class StockChangedV1(Event):
    """As StockChanged, but half a promise could be told: nothing tied the two ids together.

    total: pieces that can be lent in all from now on.
    change: pieces that came to it, negative for those that went.
    cause: why.
    booking_id: at a handover the booking, otherwise null.
    booking_line_id: at a handover the line, otherwise null.
    """

    resource_id: UUID
    total: int
    change: int
    cause: StockCause
    units: tuple[Unit, ...] = ()
    booking_id: UUID | None = None
    booking_line_id: UUID | None = None


@upcaster(from_type="inventory.stock-changed.v1")
def _with_whole_promise(old: StockChangedV1) -> StockChanged:
    booking_id, line_id = old.booking_id, old.booking_line_id
    promise = PromisedLine(booking_id, line_id) if booking_id and line_id else None
    return StockChanged(old.resource_id, old.total, old.change, old.cause, old.units, promise)


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class HandoverPrepared(Event):
    """The depot knows of the booking and has a pick list for it."""

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID


@dataclass(frozen=True)
class HandedOutLine:
    """What went out of one line.

    quantity: pieces that went out with the borrower.
    broken: pieces found broken, which stayed.
    unit_ids: the numbered units that went out.
    """

    booking_line_id: UUID
    resource_id: UUID
    quantity: int
    broken: int = 0
    unit_ids: tuple[UUID, ...] = ()


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class MaterialsHandedOut(Event):
    """A part or all was handed out.

    complete: nothing more will be handed out for this handover.
    """

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID
    staff_id: UUID
    at: datetime
    lines: tuple[HandedOutLine, ...]
    complete: bool


@dataclass(frozen=True)
class ReturnedLine:
    """What came back of one line.

    quantity: pieces that came back whole.
    broken: pieces that came back broken.
    unit_ids: the numbered units that are accounted for.
    """

    booking_line_id: UUID
    resource_id: UUID
    quantity: int
    broken: int = 0
    missing: int = 0
    unit_ids: tuple[UUID, ...] = ()


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class MaterialsReturned(Event):
    """A part or all came back.

    complete: everything handed out is accounted for.
    """

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID
    staff_id: UUID
    at: datetime
    lines: tuple[ReturnedLine, ...]
    complete: bool


@dataclass(frozen=True)
class ShortageLine:
    """One material of which something was broken or missing."""

    resource_id: UUID
    name: str
    broken: int
    missing: int


@event("inventory", key="booking_id")
@dataclass(frozen=True)
class ShortageReported(Event):
    """Something was found broken or missing at a handover (mangelrapport).

    stage: whether it was found when handing out or when taking back.
    """

    handover_id: UUID
    booking_id: UUID
    depot_id: UUID
    stage: Stage
    at: datetime
    lines: tuple[ShortageLine, ...]
