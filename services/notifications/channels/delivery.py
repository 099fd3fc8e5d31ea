"""The job that delivers: who it concerns is asked of accounts, and what of the others; then the mail goes out.

No transaction is open while they or the mail server are spoken to. A crash between the server's yes and our mark
sends that mail again, under the same Message-ID.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from smtplib import SMTP
from uuid import UUID

import structlog
from jinja2 import TemplateError

from services.notifications import commands, queries
from services.notifications.channels.addressees import Addressees, KnownBookings, NotYetKnown
from services.notifications.channels.contents import (
    Content,
    booking_content,
    member_content,
    shift_content,
    stands,
    title_of,
)
from services.notifications.channels.email import MailRefused, MailServer, ServerTrouble, send
from services.notifications.channels.enquiries import Answers, Enquiries
from services.notifications.channels.letters import compose
from services.notifications.clients import Accounts, Bookings, Reasons, Volunteers
from services.notifications.domain.audiences import Audience
from services.notifications.domain.member_letters import MEMBER_LETTERS
from services.notifications.domain.pauses import MOST_REFUSALS, pause_after
from services.notifications.domain.shift_letters import SHIFT_LETTERS, is_overtaken
from services.notifications.models import Delivery, Notice
from shared import clock
from shared.db import Database
from shared.service_client import Contact, ServiceAway, ServiceToken
from shared.settings import Settings, settings

log = structlog.get_logger(__name__)

NOTICES_AT_ONCE = 100
MAILS_AT_ONCE = 10
LEASE = timedelta(minutes=2)
# A batch ends well before its lease does: a mail takes at most half a minute of timeouts.
LONGEST_BATCH_S = 60.0

UNWRITABLE = (ValueError, LookupError, TypeError, TemplateError)

Mail = list[Delivery]  # to one person


class PostOffice:
    def __init__(self, database: Database, addressees: Addressees, enquiries: Enquiries, server: MailServer) -> None:
        self.database = database
        self.addressees = addressees
        self.enquiries = enquiries
        self.server = server

    @classmethod
    def of(cls, database: Database, config: Settings, server: MailServer) -> PostOffice:
        token = ServiceToken(config.accounts_url, "notifications", config.service_secret)
        accounts, bookings = Accounts(config.accounts_url, token), Bookings(config.bookings_url, token)
        volunteers = Volunteers(config.volunteers_url, token)
        enquiries = Enquiries(database, accounts, bookings, volunteers)
        return cls(database, Addressees(database, accounts, volunteers), enquiries, server)

    def work(self) -> None:
        """Deliver what is due. Trouble puts off what it concerns, and is never raised."""
        self._address_notices()
        self._send_mails()

    def _address_notices(self) -> None:
        while notices := self._claim_notices():
            if not self._address(notices):
                return

    def _address(self, notices: Sequence[Notice]) -> bool:
        """False if whoever knows the people is away."""
        found: list[tuple[Notice, set[UUID]]] = []
        is_away = False
        audiences = [Audience.parse(notice.audience) for notice in notices]
        bookings = self.addressees.bookings_of(audiences)
        for number, (notice, audience) in enumerate(zip(notices, audiences, strict=True)):
            try:
                found.append((notice, self._people(notice, audience, bookings)))
            except NotYetKnown as trouble:
                self._put_off([notice], str(trouble))
            except ServiceAway as trouble:
                self._put_off(notices[number:], str(trouble))
                is_away = True
                break
        with self.database.begin() as session:
            commands.address(session, found)
        return not is_away

    def _people(self, notice: Notice, audience: Audience, bookings: KnownBookings) -> set[UUID]:
        people = self.addressees.people(audience, bookings)
        if not people:
            log.warning("nobody to tell", template=notice.template, audience=notice.audience)
        return people

    def _send_mails(self) -> None:
        while mails := self._claim_mails():
            started = time.monotonic()
            try:
                answers = self.enquiries.answers_for([delivery for mail in mails for delivery in mail])
                mails = self._without_troubled(mails, answers)
                if not mails:
                    continue
                with self.server.connect() as connection:
                    while mails and time.monotonic() < started + LONGEST_BATCH_S:
                        self._send(connection, mails[0], answers)
                        del mails[0]
            except (ServiceAway, ServerTrouble) as trouble:
                self._put_off([delivery for mail in mails for delivery in mail], str(trouble))
                return

    def _without_troubled(self, mails: list[Mail], answers: Answers) -> list[Mail]:
        """Mails that tell what a service knows that is away wait for it; the others go."""
        for mail in mails:
            if troubles := [answers.trouble[delivery.id] for delivery in mail if delivery.id in answers.trouble]:
                self._put_off(mail, troubles[0])
        return [mail for mail in mails if not any(delivery.id in answers.trouble for delivery in mail)]

    def _send(self, connection: SMTP, mail: Mail, answers: Answers) -> None:
        """Send one mail and note the outcome. Raises only what concerns the server, and so all mails."""
        contact = answers.contacts.get(mail[0].person_id)
        if contact is None:
            self._give_up(mail, "accounts does not know this person any more")
            return
        try:
            contents = {delivery.id: self._content(delivery, answers, contact) for delivery in mail}
            told = [content for content in contents.values() if content]
            if told:
                send(connection, compose(mail[0].mail_id or mail[0].id, told, contact, self.server.config))
        except MailRefused as refusal:
            self._refused(mail, refusal, contact)
        except UNWRITABLE as error:
            # A mail that cannot be written must not hold up the others, nor be lost: a new version may write it.
            log.exception("mail could not be written", templates=[delivery.template for delivery in mail])
            self._part(mail, f"{type(error).__name__}: {error}")
        else:
            self._settle(mail, contents, answers)

    def _content(self, delivery: Delivery, answers: Answers, to: Contact) -> Content | None:
        """None for what has been overtaken since."""
        notice = answers.notices[delivery.notice_id]
        portal = self.server.config.portal_url
        if notice.template in MEMBER_LETTERS:
            return member_content(notice, to, portal)
        if notice.template not in SHIFT_LETTERS:
            with self.database.read() as session:
                facts = queries.facts(session, notice.subject_id)
            return booking_content(notice, facts, answers.reasons.get(notice.subject_id, Reasons()), to, portal)
        news = answers.news[delivery.id]
        if news is None:
            return None
        with self.database.read() as session:
            told = queries.told(session, notice, news.sign_up.association_id if news.sign_up else None)
        if is_overtaken(notice.template, notice.payload, stands(news, told.offered_since), clock.now()):
            return None
        return shift_content(notice, news, told, answers.names(), to, portal)

    def _settle(self, mail: Mail, contents: dict[UUID, Content | None], answers: Answers) -> None:
        with self.database.begin() as session:
            for delivery in mail:
                if news := answers.news.get(delivery.id):
                    commands.keep_title(session, delivery.notice_id, title_of(news))
                mark = commands.mark_sent if contents[delivery.id] else commands.mark_overtaken
                mark(session, delivery.id)

    def _refused(self, mail: Mail, refusal: MailRefused, contact: Contact) -> None:
        """An address is personal data: what the server says is kept without it."""
        said = str(refusal).replace(contact.email, "…")
        refusals = mail[0].refusals + refusal.for_good
        if refusals >= MOST_REFUSALS:
            self._give_up(mail, said)
        else:
            self._put_off(mail, said, refusals=refusals)

    def _give_up(self, mail: Mail, trouble: str) -> None:
        for delivery in mail:
            log.error("mail given up", delivery=str(delivery.id), person=str(delivery.person_id), trouble=trouble)
        with self.database.begin() as session:
            for delivery in mail:
                commands.give_up(session, delivery.id, trouble)

    def _part(self, mail: Mail, trouble: str) -> None:
        with self.database.begin() as session:
            commands.part(session, mail)
        self._put_off(mail, trouble)

    def _claim_notices(self) -> Sequence[Notice]:
        with self.database.begin() as session:
            return commands.claim_notices(session, NOTICES_AT_ONCE, LEASE)

    def _claim_mails(self) -> list[Mail]:
        with self.database.begin() as session:
            return commands.claim_mails(session, MAILS_AT_ONCE, LEASE)

    def _put_off(self, rows: Sequence[Notice] | Sequence[Delivery], trouble: str, **values: int) -> None:
        log.warning("mail waits", count=len(rows), trouble=trouble)
        with self.database.begin() as session:
            for row in rows:
                commands.put_off(session, type(row), row.id, pause_after(row.tries), trouble, **values)


@cache
def _post_office(database: Database) -> PostOffice:
    return PostOffice.of(database, settings(), MailServer(settings()))


def deliver_mail(database: Database) -> None:
    """The worker's job."""
    _post_office(database).work()
