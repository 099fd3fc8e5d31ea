"""What the others know and a batch of mails tells: asked just before they are written, and forgotten afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from services.notifications import queries
from services.notifications.clients import Accounts, Bookings, Reasons, ShiftNews, Volunteers
from services.notifications.domain.booking_letters import tells_reasons
from services.notifications.domain.shift_letters import SHIFT_LETTERS
from services.notifications.models import Delivery, Notice
from shared.db import Database
from shared.service_client import Contact, ServiceAway

T = TypeVar("T")


@dataclass
class Answers:
    """`reasons` by booking, `news` by delivery (None for what is gone), `trouble` of deliveries that must wait."""

    notices: dict[UUID, Notice]
    contacts: dict[UUID, Contact]
    reasons: dict[UUID, Reasons] = field(default_factory=dict)
    news: dict[UUID, ShiftNews | None] = field(default_factory=dict)
    trouble: dict[UUID, str] = field(default_factory=dict)
    _away: dict[str, str] = field(default_factory=dict)

    def names(self) -> dict[UUID, str]:
        return {person_id: contact.name for person_id, contact in self.contacts.items()}

    def ask(self, service: str, delivery: Delivery, question: Callable[[], T]) -> T | None:
        """A service that was away for one mail is not waited for again for the others of the batch."""
        try:
            if service in self._away:
                raise ServiceAway(self._away[service])
            return question()
        except ServiceAway as trouble:
            self._away[service] = self.trouble[delivery.id] = str(trouble)
            return None


class Enquiries:
    def __init__(self, database: Database, accounts: Accounts, bookings: Bookings, volunteers: Volunteers) -> None:
        self.database = database
        self.accounts = accounts
        self.bookings = bookings
        self.volunteers = volunteers

    def answers_for(self, deliveries: Sequence[Delivery]) -> Answers:
        """Raises ServiceAway while accounts is: nothing can go out then."""
        contacts = self.accounts.people(delivery.person_id for delivery in deliveries)
        with self.database.read() as session:
            answers = Answers(queries.notices_of(session, deliveries), contacts)
        for delivery in deliveries:
            notice = answers.notices[delivery.notice_id]
            if notice.template in SHIFT_LETTERS:
                self._ask_volunteers(answers, delivery, notice)
            elif tells_reasons(notice.template, notice.payload) and notice.subject_id not in answers.reasons:
                self._ask_bookings(answers, delivery, notice.subject_id)
        if unknown := set(_named(answers)) - contacts.keys():
            answers.contacts |= self.accounts.people(unknown)
        return answers

    def _ask_volunteers(self, answers: Answers, delivery: Delivery, notice: Notice) -> None:
        reader = answers.contacts.get(delivery.person_id)
        if reader is None:
            return
        path = SHIFT_LETTERS[notice.template].asks.format(**notice.payload)
        answers.news[delivery.id] = answers.ask(
            "volunteers", delivery, lambda: self.volunteers.news(path, reader.person_id, reader.language)
        )

    def _ask_bookings(self, answers: Answers, delivery: Delivery, booking_id: UUID) -> None:
        reasons = answers.ask("bookings", delivery, lambda: self.bookings.reasons(booking_id))
        if reasons is not None:
            answers.reasons[booking_id] = reasons


def _named(answers: Answers) -> Iterable[UUID]:
    """Of whom mails speak: the shift's contact, and both sides of a swap."""
    for news in answers.news.values():
        if news and news.shift.contact_id:
            yield news.shift.contact_id
    for notice in answers.notices.values():
        if notice.template in SHIFT_LETTERS:
            sides = (notice.payload.get(side) for side in ("from_person_id", "to_person_id"))
            yield from (UUID(side) for side in sides if side)
