"""Which people an audience is, asked when the mail goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.notifications import queries
from services.notifications.clients import Accounts, Contact, Volunteers
from services.notifications.domain.audiences import BORROWERS, COORDINATORS, DEPOT, FACILITY, PERSON, Audience
from services.notifications.models import Booking
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER, VOLUNTEER_COORDINATOR
from shared.db import Database

KnownBookings = Mapping[UUID, Booking]  # by id


class NotYetKnown(Exception):
    """The event of the booking itself has not come yet: order holds within a topic, not between two."""


class Addressees:
    def __init__(self, database: Database, accounts: Accounts, volunteers: Volunteers) -> None:
        self.database = database
        self.accounts = accounts
        self.volunteers = volunteers

    def bookings_of(self, audiences: Iterable[Audience]) -> KnownBookings:
        """Those whose borrowers are meant, asked for at once: after an outage thousands wait."""
        with self.database.read() as session:
            return queries.bookings(session, {audience.id for audience in audiences})

    def people(self, audience: Audience, bookings: KnownBookings) -> set[UUID]:
        """Raises ServiceAway or NotYetKnown."""
        if audience.kind == PERSON:
            return {audience.id}
        if audience.kind == DEPOT:
            return _ids(self.accounts.staff(DEPOT_STAFF, audience.id))
        if audience.kind == FACILITY:
            return self._managers(audience.id)
        if audience.kind == COORDINATORS:
            return self._coordinators(audience.id)
        return self._borrowers(audience, bookings)

    def _managers(self, facility_id: UUID) -> set[UUID]:
        with self.database.read() as session:
            scopes = queries.managed_with(session, facility_id)
        return {one for scope in scopes for one in _ids(self.accounts.staff(FACILITY_MANAGER, scope))}

    def _coordinators(self, shift_id: UUID) -> set[UUID]:
        """The chairs and bookers of the association that organises the shift, else the municipality's coordinators."""
        news = self.volunteers.news(f"/letters/shifts/{shift_id}")
        if news is None:
            return set()
        if news.shift.organiser_id and (members := self.accounts.association(news.shift.organiser_id)):
            return _ids(members)
        return _ids(self.accounts.staff(VOLUNTEER_COORDINATOR, None))

    def _borrowers(self, audience: Audience, bookings: KnownBookings) -> set[UUID]:
        booking = bookings.get(audience.id)
        if booking is None:
            raise NotYetKnown(f"booking {audience.id} is not known yet")
        members: list[Contact] = []
        if audience.kind == BORROWERS and booking.association_id:
            members = self.accounts.association(booking.association_id)
        return {booking.person_id, *_ids(members)}


def _ids(contacts: list[Contact]) -> set[UUID]:
    return {contact.person_id for contact in contacts}
