"""The job that delivers: who it concerns is asked of accounts, and why of bookings; then the mail goes out.

No transaction is open while they or the mail server are spoken to. A crash between the server's yes and our mark
sends that mail again, under the same Message-ID.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from smtplib import SMTP
from typing import TypeVar
from uuid import UUID

import structlog

from services.notifications import commands, queries
from services.notifications.channels.email import MailRefused, MailServer, ServerTrouble, send
from services.notifications.channels.letters import compose
from services.notifications.clients import Accounts, Bookings, Reasons
from services.notifications.domain import (
    BORROWERS,
    DEPOT,
    FACILITY,
    MOST_REFUSALS,
    Audience,
    pause_after,
    tells_reasons,
)
from services.notifications.models import Delivery, Notice
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER
from shared.db import Database
from shared.service_client import Contact, ServiceAway, ServiceToken
from shared.settings import settings

log = structlog.get_logger(__name__)

BATCH = 10
LEASE = timedelta(minutes=2)
# A batch ends well before its lease does: a mail takes at most half a minute of timeouts, all reasons fifty seconds.
LONGEST_BATCH_S = 60.0

W = TypeVar("W", Notice, Delivery)


class NotYetKnown(Exception):
    """The event of the booking itself has not come yet: order holds within a topic, not between two."""


class PostOffice:
    def __init__(self, database: Database, accounts: Accounts, bookings: Bookings, server: MailServer) -> None:
        self.database = database
        self.accounts = accounts
        self.bookings = bookings
        self.server = server

    def work(self) -> None:
        """Deliver what is due. Trouble puts off what it concerns, and is never raised."""
        self._address_notices()
        self._send_mails()

    def _address_notices(self) -> None:
        while notices := self._claim(Notice):
            for number, notice in enumerate(notices):
                try:
                    people = self._people(Audience.parse(notice.audience))
                except ServiceAway as trouble:
                    self._put_off(notices[number:], str(trouble))
                    return
                except NotYetKnown as trouble:
                    self._put_off([notice], str(trouble))
                    continue
                if not people:
                    log.warning("nobody to tell", template=notice.template, audience=notice.audience)
                with self.database.begin() as session:
                    commands.address(session, notice, people)

    def _people(self, audience: Audience) -> set[UUID]:
        if audience.kind == DEPOT:
            return {contact.person_id for contact in self.accounts.staff(DEPOT_STAFF, audience.id)}
        with self.database.read() as session:
            if audience.kind == FACILITY:
                scopes = queries.managed_with(session, audience.id)
            else:
                booking = queries.booking(session, audience.id)
        if audience.kind == FACILITY:
            return {one.person_id for scope in scopes for one in self.accounts.staff(FACILITY_MANAGER, scope)}
        if booking is None:
            raise NotYetKnown(f"booking {audience.id} is not known yet")
        members: list[Contact] = []
        if audience.kind == BORROWERS and booking.association_id:
            members = self.accounts.association(booking.association_id)
        return {booking.person_id, *(contact.person_id for contact in members)}

    def _send_mails(self) -> None:
        while deliveries := list(self._claim(Delivery)):
            started = time.monotonic()
            try:
                contacts = self.accounts.people(delivery.person_id for delivery in deliveries)
                with self.database.read() as session:
                    notices = queries.notices_of(session, deliveries)
                reasons = self._reasons(deliveries, notices)
                if not deliveries:
                    continue
                with self.server.connect() as connection:
                    while deliveries and time.monotonic() < started + LONGEST_BATCH_S:
                        delivery = deliveries[0]
                        notice, contact = notices[delivery.notice_id], contacts.get(delivery.person_id)
                        self._send(connection, delivery, notice, reasons.get(notice.booking_id, Reasons()), contact)
                        del deliveries[0]
            except (ServiceAway, ServerTrouble) as trouble:
                self._put_off(deliveries, str(trouble))
                return

    def _reasons(self, deliveries: list[Delivery], notices: Mapping[UUID, Notice]) -> dict[UUID, Reasons]:
        """By booking, for the mails that tell them. While bookings is away those leave `deliveries`, to wait."""
        found: dict[UUID, Reasons] = {}
        for delivery in list(deliveries):
            notice = notices[delivery.notice_id]
            if notice.booking_id in found or not tells_reasons(notice.template, notice.payload):
                continue
            try:
                found[notice.booking_id] = self.bookings.reasons(notice.booking_id)
            except ServiceAway as trouble:
                self._put_off([delivery], str(trouble))
                deliveries.remove(delivery)
        return found

    def _send(
        self, connection: SMTP, delivery: Delivery, notice: Notice, reasons: Reasons, contact: Contact | None
    ) -> None:
        """Send one mail and note the outcome. Raises only what concerns the server, and so all mails."""
        if contact is None:
            self._give_up(delivery, "accounts does not know this person any more")
            return
        try:
            with self.database.read() as session:
                facts = queries.facts(session, notice.booking_id)
            send(connection, compose(delivery.id, notice, facts, reasons, contact, self.server.config))
        except MailRefused as refusal:
            self._refused(delivery, refusal, contact)
        except (ValueError, LookupError, TypeError) as error:
            # A mail that cannot be written must not hold up the others, nor be lost: a new version may write it.
            log.exception("mail could not be written", template=notice.template, delivery=str(delivery.id))
            self._put_off([delivery], f"{type(error).__name__}: {error}")
        else:
            with self.database.begin() as session:
                commands.mark_sent(session, delivery.id)

    def _refused(self, delivery: Delivery, refusal: MailRefused, contact: Contact) -> None:
        """An address is personal data: what the server says is kept without it."""
        said = str(refusal).replace(contact.email, "…")
        refusals = delivery.refusals + refusal.for_good
        if refusals >= MOST_REFUSALS:
            self._give_up(delivery, said)
        else:
            self._put_off([delivery], said, refusals=refusals)

    def _give_up(self, delivery: Delivery, trouble: str) -> None:
        log.error("mail given up", delivery=str(delivery.id), person=str(delivery.person_id), trouble=trouble)
        with self.database.begin() as session:
            commands.give_up(session, delivery.id, trouble)

    def _claim(self, model: type[W]) -> Sequence[W]:
        with self.database.begin() as session:
            return commands.claim(session, model, BATCH, LEASE)

    def _put_off(self, rows: Sequence[Notice] | Sequence[Delivery], trouble: str, **values: int) -> None:
        log.warning("mail waits", count=len(rows), trouble=trouble)
        with self.database.begin() as session:
            for row in rows:
                commands.put_off(session, type(row), row.id, pause_after(row.tries), trouble, **values)


@cache
def _post_office(database: Database) -> PostOffice:
    config = settings()
    token = ServiceToken(config.accounts_url, "notifications", config.service_secret)
    accounts, bookings = Accounts(config.accounts_url, token), Bookings(config.bookings_url, token)
    return PostOffice(database, accounts, bookings, MailServer(config))


def deliver_mail(database: Database) -> None:
    """The worker's job."""
    _post_office(database).work()
