"""Everybody concerned is told of an event once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shared.contracts import bookings, inventory, volunteers
from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town

# Each of these events is told to exactly one person, by this template.
LETTERS = {
    bookings.BookingApproved: "booking_confirmed",
    bookings.BookingRefused: "booking_refused",
    bookings.BookingCancelled: "booking_cancelled",
    bookings.BookingBecameOverdue: "booking_overdue",
    inventory.MaterialsReturned: "materials_returned",
    volunteers.SignUpConfirmed: "shift_confirmed",
    volunteers.SignUpOffered: "shift_offered",
    volunteers.SeatNamed: "shift_seat_named",
    volunteers.SwapAnswered: "shift_swap_answered",
}


def faults(town: Town, ledger: Ledger) -> Iterator[str]:
    yield from _left_lying(town)
    deliveries = town.rows("notifications", "SELECT event_id, template, person_id, state, mail_id FROM deliveries")
    told = Counter((row.event_id, row.template) for row in deliveries)
    for envelope, event, _ in ledger.of(*LETTERS):
        count = told[envelope.id, LETTERS[type(event)]]
        if count != 1:
            yield f"{envelope.type} {envelope.id} was told {count} times"
    mails = {str(row.mail_id) for row in deliveries if row.state == "sent"}
    taken = {message_id.strip("<>").partition("@")[0] for message_id in town.letterbox.taken}
    if mails - taken:
        yield f"said to be sent, and never taken by the mail server: {sorted(mails - taken)}"


def _left_lying(town: Town) -> Iterator[str]:
    for table in ("notices", "deliveries"):
        query = f"SELECT template, state, trouble FROM {table} WHERE state IN ('waiting', 'failed', 'silent')"
        for row in town.rows("notifications", query):
            yield f"{table}: {row.template} is {row.state}: {row.trouble}"
