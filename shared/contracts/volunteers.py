"""What volunteers tells: shifts, who is in line or in, who came, and the hours. Ids only; no names, no free text.

All events of a shift have the shift's id as key, so that their order holds. `person_ids` are those to be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from shared.contracts.base import Event, event
from shared.contracts.values import Words

Answer = Annotated[str, Words("confirmed", "waiting")]
Alive = Annotated[str, Words("waiting", "offered", "confirmed")]
Confirmation = Annotated[str, Words("direct", "offer", "swap", "coordinator")]
CancelledBy = Annotated[str, Words("volunteer", "coordinator", "swap")]
ReminderTime = Annotated[str, Words("before", "today")]
Attendance = Annotated[str, Words("present", "late", "absent")]


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftPublished(Event):
    """A shift is open for sign-ups.

    sequence: how often time, place or title have changed; the place itself is what somebody wrote.
    capacity: places in all roles together.
    minimum: places that must be taken for the shift to work.
    """

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    sequence: int
    area: str
    organiser_id: UUID | None
    cause_id: UUID | None
    capacity: int
    minimum: int


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftChanged(Event):
    """A published shift is different now: when, where, or how many. Who is in is told by SignUpMoved.

    sequence: how often time, place or title have changed; the place itself is what somebody wrote.
    capacity: places in all roles together.
    minimum: places that must be taken for the shift to work.
    """

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    sequence: int
    area: str
    organiser_id: UUID | None
    cause_id: UUID | None
    capacity: int
    minimum: int


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftCancelled(Event):
    """Called off, with all its sign-ups.

    person_ids: everybody who was in, offered or in line.
    """

    shift_id: UUID
    person_ids: tuple[UUID, ...]


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ShiftUnderstaffed(Event):
    """So long before the start that was agreed, fewer are in than it takes.

    contact_id: the person who plans the shift; null where none is named.
    taken: places that are taken.
    minimum: places that must be.
    """

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
    """Somebody signed up.

    state: confirmed (SignUpConfirmed follows in the same transaction) or waiting.
    """

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    association_id: UUID | None
    places: int
    state: Answer


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpOffered(Event):
    """A place is kept for the next in line.

    offer_number: how many offers this sign-up has had, this one counted.
    offer_until: when the offer lapses: an instant with its offset from UTC.
    """

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
    """Somebody is in.

    how: directly, from an offer, through a swap, or brought in by a coordinator.
    """

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    association_id: UUID | None
    places: int
    how: Confirmation


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpLapsed(Event):
    """An offer was not taken, and its holder has left the line.

    declined: the answer was no; false if nobody answered.
    """

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    declined: bool


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpCancelled(Event):
    """No longer in, or in line.

    was: the state before.
    by: who ended it.
    late: so shortly before the start that it is hard to find somebody else.
    person_ids: the people to be told; the one who ended it is not among them.
    """

    shift_id: UUID
    sign_up_id: UUID
    role_id: UUID
    person_id: UUID
    places: int
    was: Alive
    by: CancelledBy
    late: bool
    person_ids: tuple[UUID, ...]


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpMoved(Event):
    """The time or place changed for somebody who is in, offered or in line. No new sign-up is needed; a no is one tap.

    old_starts_at: start until now: an instant with its offset from UTC.
    old_ends_at: end until now, likewise.
    place_changed: whether it is somewhere else now.
    """

    shift_id: UUID
    sign_up_id: UUID
    person_ids: tuple[UUID, ...]
    old_starts_at: datetime
    old_ends_at: datetime
    starts_at: datetime
    ends_at: datetime
    place_changed: bool


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SignUpFlagged(Event):
    """A change, or a proof that runs out, broke rules for somebody who is in.

    rules: the slugs of the rules; more may be added.
    """

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
class SeatUnnamed(Event):
    """Somebody's name is no longer on an association's place, or another one's is there instead.

    by_herself: she took it away; false if the association did.
    """

    shift_id: UUID
    sign_up_id: UUID
    seat_id: UUID
    person_id: UUID
    by_herself: bool


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SwapAsked(Event):
    """One asks another to take her place, or to swap shifts.

    from_person_id: the one who asks, known by this id alone.
    to_person_id: the one who is asked, likewise.
    in_exchange_shift_id: the shift that she would take instead; null for none.
    """

    shift_id: UUID
    swap_id: UUID
    sign_up_id: UUID
    from_person_id: UUID
    to_person_id: UUID
    in_exchange_shift_id: UUID | None


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SwapAnswered(Event):
    """The other agreed, or not.

    from_person_id: the one who asked and is told, known by this id alone.
    to_person_id: the one who answered, likewise.
    agreed: whether the swap takes place.
    """

    shift_id: UUID
    swap_id: UUID
    sign_up_id: UUID
    from_person_id: UUID
    to_person_id: UUID
    agreed: bool


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class SwapLapsed(Event):
    """Nobody answered before the place was gone, or one of the shifts began or was called off.

    from_person_id: the one who asked, known by this id alone.
    to_person_id: the one who was asked, likewise; null where nobody is known by the address that was asked.
    """

    shift_id: UUID
    swap_id: UUID
    sign_up_id: UUID
    from_person_id: UUID
    to_person_id: UUID | None


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class ReminderDue(Event):
    """It is time to remind those who are in.

    when: before is two days ahead, today is the morning of it.
    """

    shift_id: UUID
    sign_up_id: UUID
    person_ids: tuple[UUID, ...]
    when: ReminderTime


@event("volunteers", key="shift_id")
@dataclass(frozen=True)
class VolunteerCheckedIn(Event):
    """Somebody came, or did not.

    person_id: the person, known by this id alone; null for a guest without an account, or a child.
    attendance: what was noted.
    """

    shift_id: UUID
    seat_id: UUID
    person_id: UUID | None
    attendance: Attendance


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
    """The hours of one person on one shift stand.

    minutes: how long she helped, in minutes.
    by_itself: nobody objected in time; false if a coordinator confirmed them.
    """

    shift_id: UUID
    seat_id: UUID
    person_id: UUID
    minutes: int
    by_itself: bool
