"""What volunteers tells: shifts, who is in line or in, who came, and the hours. Ids only; no names, no free text.

All events of a shift have the shift's id as key, so that their order holds. `person_ids` are those to be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, event


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftPublished(Event):
    """A shift is open for sign-ups. Half-open instants in UTC; `capacity` and `minimum` are places in all roles."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str
    area: str
    organiser_id: UUID | None
    cause_id: UUID | None
    capacity: int
    minimum: int


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftChanged(Event):
    """A published shift is different now: when, where, or how many. Who is in is told by SignUpMoved."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str
    area: str
    organiser_id: UUID | None
    cause_id: UUID | None
    capacity: int
    minimum: int


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftCancelled(Event):
    """Called off, with all its sign-ups: `person_ids` are everybody who was in, offered or in line."""

    shift_id: UUID
    person_ids: tuple[UUID, ...]


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftUnderstaffed(Event):
    """So long before the start that was agreed, fewer are in than it takes. `contact_id` plans the shift."""

    shift_id: UUID
    contact_id: UUID | None
    taken: int
    minimum: int


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class VolunteerAsked(Event):
    """One who may take the shift and is free is asked to help; at most once per shift."""

    shift_id: UUID
    person_id: UUID


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpMade(Event):
    """Somebody signed up. state: confirmed (SignUpConfirmed follows in the same transaction) or waiting."""

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    association_id: UUID | None
    places: int
    state: str


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpOffered(Event):
    """A place is kept for the next in line until `offer_until`."""

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    places: int
    offer_number: int
    offer_until: datetime


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpConfirmed(Event):
    """In: directly, from an offer, or through a swap. how: direct, offer, swap or coordinator."""

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    association_id: UUID | None
    places: int
    how: str


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpLapsed(Event):
    """An offer was not taken: nobody answered (declined=False) or the answer was no. She has left the line."""

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    declined: bool


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpCancelled(Event):
    """No longer in, or in line. by: volunteer, coordinator (`person_ids` are told) or swap."""

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    places: int
    was: str
    by: str
    late: bool
    person_ids: tuple[UUID, ...]


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpMoved(Event):
    """The time or place changed for somebody who is in or offered. No new sign-up is needed; a no is one tap."""

    shift_id: UUID
    sign_up_id: UUID
    person_ids: tuple[UUID, ...]
    old_starts_at: datetime
    old_ends_at: datetime
    starts_at: datetime
    ends_at: datetime
    old_place: str
    place: str


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpFlagged(Event):
    """A change, or a proof that runs out, broke rules for somebody who is in. `rules` are their slugs."""

    shift_id: UUID
    sign_up_id: UUID
    person_ids: tuple[UUID, ...]
    rules: tuple[str, ...]


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SeatNamed(Event):
    """An association named who comes on one of its places."""

    shift_id: UUID
    sign_up_id: UUID
    seat_id: UUID
    person_id: UUID


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SwapAsked(Event):
    """One asks another to take her place (`in_exchange_shift_id` None) or to swap shifts."""

    shift_id: UUID
    swap_id: UUID
    sign_up_id: UUID
    from_person_id: UUID
    to_person_id: UUID
    in_exchange_shift_id: UUID | None


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SwapAnswered(Event):
    """The other agreed, or not. `from_person_id` asked and is told."""

    shift_id: UUID
    swap_id: UUID
    sign_up_id: UUID
    from_person_id: UUID
    to_person_id: UUID
    agreed: bool


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ReminderDue(Event):
    """when: before (two days) or today (the morning of it)."""

    shift_id: UUID
    sign_up_id: UUID
    person_ids: tuple[UUID, ...]
    when: str


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class VolunteerCheckedIn(Event):
    """attendance: present, late or absent; `person_id` is None for a guest without an account, or a child."""

    shift_id: UUID
    seat_id: UUID
    person_id: UUID | None
    attendance: str


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class HoursQuestioned(Event):
    """The coordinator asks about the hours; what she wrote stays in volunteers."""

    shift_id: UUID
    seat_id: UUID
    person_id: UUID


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class HoursConfirmed(Event):
    """by_itself: nobody objected in time."""

    shift_id: UUID
    seat_id: UUID
    person_id: UUID
    minutes: int
    by_itself: bool
