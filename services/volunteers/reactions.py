"""What volunteers does when accounts and inventory tell something, and what it looks after by itself."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from services.volunteers.commands import copies, offers
from shared import clock
from shared.contracts import accounts, inventory
from shared.db import Database
from shared.messaging.consumer import Reactions
from shared.messaging.worker import Jobs


def lapse_offers(database: Database) -> None:
    """Each in a transaction of its own. An offer to somebody who has just gone elsewhere moves on at once, too."""
    now = clock.now()
    with database.read() as session:
        unanswered, overtaken = offers.unanswered_offers(session, now), offers.overtaken_shifts(session)
    for sign_up_id in unanswered:
        database.transact(partial(offers.lapse, sign_up_id=sign_up_id, now=now))
    for shift_id in overtaken:
        database.transact(partial(offers.mend_lines, shift_id=shift_id, now=now))


def fill_lines(database: Database) -> None:
    """Who fits, or not, changes in other places too: proofs, memberships, other shifts."""
    now = clock.now()
    with database.read() as session:
        shifts = offers.shifts_with_lines(session, now)
    for shift_id in shifts:
        database.transact(partial(offers.mend_lines, shift_id=shift_id, now=now))


REACTIONS: Reactions = {
    accounts.AssociationUpdated: copies.copy_association,
    accounts.MembershipGranted: copies.copy_membership,
    accounts.MembershipEnded: copies.end_membership,
    accounts.QualificationGranted: copies.copy_qualification,
    accounts.QualificationEnded: copies.end_qualification,
    inventory.FacilityUpdated: copies.know_facility,
}

JOBS: Jobs = {
    lapse_offers: timedelta(seconds=2),
    fill_lines: timedelta(minutes=1),
}
