"""What volunteers does when accounts and inventory tell something, and what it looks after by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.volunteers import clients, models
from services.volunteers.commands import (
    birth_dates,
    copies,
    crews,
    flags,
    hours,
    offers,
    proposing,
    reminders,
    shift_states,
    swaps,
)
from shared import clock
from shared.contracts import accounts, inventory
from shared.db import Database
from shared.messaging.subscription import Copies, Copy, Reactions
from shared.messaging.worker import Jobs
from shared.service_client import ServiceAway

log = structlog.get_logger(__name__)


def lapse_offers(database: Database) -> None:
    """An offer to somebody who has just gone elsewhere moves on at once, too."""
    now = clock.now()
    with database.read() as session:
        unanswered = offers.unanswered_offers(session, now)
    for sign_up_id in unanswered:
        database.transact(partial(offers.lapse, sign_up_id=sign_up_id, now=now))
    _each_shift(database, offers.overtaken_shifts, offers.mend_lines)


def fill_lines(database: Database) -> None:
    """Who fits, or not, changes in other places too: proofs, memberships, other shifts."""
    _each_shift(database, offers.shifts_with_lines, offers.mend_lines)


def remind(database: Database) -> None:
    _each_shift(database, reminders.due, reminders.remind)


def propose_hours(database: Database) -> None:
    _each_shift(database, proposing.without_hours, proposing.propose)


def confirm_hours(database: Database) -> None:
    _each_shift(database, hours.ripe, hours.confirm_ripe)


def recheck_proofs(database: Database) -> None:
    _each_shift(database, flags.outdated, flags.recheck)


def check_crews(database: Database) -> None:
    _each_shift(database, crews.to_check, crews.check)


def hold_past_shifts(database: Database) -> None:
    _each_shift(database, shift_states.past, shift_states.hold)


def _each_shift(
    database: Database,
    find: Callable[[Session, datetime], Iterable[UUID]],
    see_to: Callable[..., None],
) -> None:
    """Each in a transaction of its own, so that one in trouble holds up no other."""
    now = clock.now()
    with database.read() as session:
        found = find(session, now)
    for shift_id in found:
        database.transact(partial(see_to, shift_id=shift_id, now=now))


def lapse_swaps(database: Database) -> None:
    database.transact(partial(swaps.lapse_swaps, now=clock.now()))


def ask_birth_dates(database: Database) -> None:
    """Who fits no more by a corrected one is looked at then, and not a minute later. Accounts away: next time."""
    has_changed = False
    try:
        while asked := database.transact(birth_dates.doubts):
            known = clients.accounts_for_jobs().birth_dates(one.person_id for one in asked)
            has_changed |= database.transact(partial(birth_dates.settle, asked=asked, known=known))
    except ServiceAway as trouble:
        log.warning("birth dates are asked for later", trouble=str(trouble))
    if has_changed:
        fill_lines(database)
        recheck_proofs(database)


_MEMBERSHIP = ("membership", "person_id", "association_id", "role")
_QUALIFICATION = ("qualification", "person_id", "qualification")

COPIES: Copies = {
    accounts.AssociationUpdated: (Copy(copies.copy_association, "association", "association_id"),),
    accounts.MembershipGranted: (Copy(copies.copy_membership, *_MEMBERSHIP),),
    accounts.MembershipEnded: (Copy(copies.end_membership, *_MEMBERSHIP),),
    accounts.QualificationGranted: (Copy(copies.copy_qualification, *_QUALIFICATION),),
    accounts.QualificationEnded: (Copy(copies.end_qualification, *_QUALIFICATION),),
}
COPY_TABLES = (models.Association, models.Membership, models.Qualification)

REACTIONS: Reactions = {
    accounts.AssociationUpdated: copies.give_shifts_to_association,
    accounts.BirthDateChanged: birth_dates.doubt,
    inventory.FacilityUpdated: copies.know_facility,
}

JOBS: Jobs = {
    lapse_offers: timedelta(seconds=2),
    ask_birth_dates: timedelta(seconds=3),
    fill_lines: timedelta(minutes=1),
    lapse_swaps: timedelta(minutes=1),
    remind: timedelta(seconds=30),
    propose_hours: timedelta(seconds=15),
    confirm_hours: timedelta(minutes=5),
    recheck_proofs: timedelta(minutes=5),
    check_crews: timedelta(minutes=1),
    hold_past_shifts: timedelta(minutes=1),
}
