"""What is kept with others, asked at the moment of delivery: people of accounts, reasons of bookings, shifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.actors import BOOKER, CHAIR
from shared.contracts.codec import load
from shared.service_client import UNUSABLE, AccountsService, Contact, Service, ServiceAway


@dataclass(frozen=True)
class Reasons:
    """What people wrote: by the id of a refused line, and when the booking was called off."""

    lines: Mapping[UUID, str] = field(default_factory=dict)
    cancellation: str = ""


class Accounts(AccountsService):
    """Who people are, and who holds which role."""

    def association(self, association_id: UUID) -> list[Contact]:
        """Its chairs and bookers."""
        return self.contacts(association_id=str(association_id), roles=f"{CHAIR},{BOOKER}")

    def staff(self, role: str, scope_id: UUID | None) -> list[Contact]:
        return self.contacts(role=role, **({"scope_id": str(scope_id)} if scope_id else {}))


class Bookings(Service):
    """What people wrote about bookings."""

    def reasons(self, booking_id: UUID) -> Reasons:
        """None at all for a booking that is gone."""
        try:
            response = self.ask(f"/bookings/{booking_id}/reasons")
            answer: Any = response.json()
            if response.status_code == 404 and answer["slug"] == "booking-not-found":
                return Reasons()
            response.raise_for_status()
            return Reasons({UUID(key): str(text) for key, text in answer["lines"].items()}, answer["cancellation"])
        except UNUSABLE as error:
            raise ServiceAway(f"bookings: {error}"[:300]) from error


@dataclass(frozen=True)
class ShiftFacts:
    """A shift as volunteers tells it now."""

    id: UUID
    title: str
    place: str
    area: str
    starts_at: datetime
    ends_at: datetime
    state: str
    organiser: str
    organiser_id: UUID | None
    insurance: str
    contact_id: UUID | None
    meeting_point: str
    bring: str
    cancel_reason: str
    taken: int
    minimum: int
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@dataclass(frozen=True)
class Flag:
    """A rule that a change broke, in the reader's words."""

    text: str


@dataclass(frozen=True)
class SignUpFacts:
    """`has_seat`: there is a place for who gets the mail."""

    id: UUID
    role: str
    state: str
    places: int
    association_id: UUID | None
    position: int | None
    offer_until: datetime | None
    offer_number: int
    sequence: int
    flags: tuple[Flag, ...] = ()
    child_age: int | None = None
    has_seat: bool = True


@dataclass(frozen=True)
class HoursFacts:
    minutes: int
    question: str
    state: str


@dataclass(frozen=True)
class Place:
    """Somebody's on a shift."""

    shift: ShiftFacts
    sign_up: SignUpFacts


@dataclass(frozen=True)
class OtherShift:
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class MovedAway:
    """Of whom a move put off a shift: when it was, if that is known, and what she has at its new time."""

    starts_at: datetime | None
    ends_at: datetime | None
    elsewhere: OtherShift | None


@dataclass(frozen=True)
class ShiftNews:
    """What a mail about a shift is made of.

    `links`: tokens for addresses that work without log-in. `gone`: what comes out of the reader's calendar.
    """

    shift: ShiftFacts
    links: dict[str, str | None] = field(default_factory=dict)
    sign_up: SignUpFacts | None = None
    swap_state: str = ""
    in_exchange: ShiftFacts | None = None
    hours: HoursFacts | None = None
    gone: tuple[Place, ...] = ()
    moved_away: MovedAway | None = None


class Volunteers(Service):
    """Shifts, and who is in them."""

    def news(self, path: str, person_id: UUID | None = None, language: str = "") -> ShiftNews | None:
        """None for what is gone. Raises ServiceAway."""
        try:
            response = self.ask(path, language, **({"person_id": str(person_id)} if person_id else {}))
            answer: Any = response.json()
            if response.status_code == 404 and answer["slug"] == "letter-not-found":
                return None
            response.raise_for_status()
            return load(ShiftNews, answer)
        except UNUSABLE as error:
            raise ServiceAway(f"volunteers: {error}"[:300]) from error
