"""What somebody wishes for, and what there is to be had: the values that the rules look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.bookings.domain.opening import OpenTimes, Period
from services.bookings.domain.states import CONSUMABLE, FACILITY


@dataclass(frozen=True)
class WishedLine:
    """A material comes for the booking's own period; a facility has times of its own."""

    resource_id: UUID
    quantity: int = 1
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Wish:
    """`starts_at` and `ends_at` are pick-up and return; they may be missing where nothing is fetched."""

    lines: Sequence[WishedLine]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    purpose: str = ""
    open_to_all: bool = False
    place_of_use: str = ""
    terms_accepted: bool = False

    def times_of(self, line: WishedLine, offer: Offer) -> tuple[datetime | None, datetime | None]:
        return (line.starts_at, line.ends_at) if offer.is_facility else (self.starts_at, self.ends_at)

    def period_of(self, line: WishedLine, offer: Offer) -> Period | None:
        """The time in which the line's thing is used; None where it is missing or runs backwards."""
        starts_at, ends_at = self.times_of(line, offer)
        if starts_at is None or ends_at is None or ends_at <= starts_at:
            return None
        return Period(starts_at, ends_at)


@dataclass(frozen=True)
class Offer:
    """A resource, as far as the rules need to know it. `opens` is the depot's, or the facility's own."""

    id: UUID
    kind: str
    name: str
    unit_name: str
    category: str
    total: int
    active: bool
    needs_approval: bool
    preparation_days: int
    lead_time_hours: int
    longest_loan_days: int | None
    opens: OpenTimes
    depot_id: UUID | None = None
    depot_name: str = ""
    parent_id: UUID | None = None
    part_ids: tuple[UUID, ...] = ()

    @property
    def is_facility(self) -> bool:
        return self.kind == FACILITY

    @property
    def seat_ids(self) -> tuple[UUID, ...]:
        """What is taken together with a facility: a whole hall takes its halves."""
        return (self.id, *self.part_ids)

    def ready_at(self, period: Period) -> datetime:
        """From when on somebody else may have it."""
        return self.opens.ready_after(period.ends_at, self.preparation_days)

    def blocked(self, period: Period, now: datetime) -> tuple[datetime, datetime | None]:
        """From when until when the thing is not free for others. What is consumed never comes back."""
        if self.kind == CONSUMABLE:
            return now, None
        return period.starts_at, self.ready_at(period)


Offers = Mapping[UUID, Offer]
