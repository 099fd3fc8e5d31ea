"""Who is next: free places are offered to those in line who fit, in the order in which they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from services.volunteers.commands import fitting
from services.volunteers.domain.offers import may_be_offered, offer_until
from services.volunteers.models import Role, Shift, SignUp
from services.volunteers.models.line import waiting_after
from services.volunteers.models.shifts import CLOSED, PUBLISHED
from services.volunteers.models.sign_ups import OFFERED, WAITING
from shared.contracts.volunteers import SignUpOffered
from shared.messaging import record

ASKED_AT_ONCE = 20


def join(role: Role, sign_up: SignUp) -> None:
    """To the end of the line. The caller holds the shift's lock, so numbers follow the order of arrival."""
    role.last_in_line += 1
    role.waiting += 1
    sign_up.state, sign_up.line_number = WAITING, role.last_in_line
    sign_up.version += 1


def go_back(role: Role, sign_up: SignUp) -> None:
    """An offer whose holder does not fit any more: she keeps her place in line, the places are free again."""
    role.taken -= sign_up.places
    role.waiting += 1
    sign_up.state, sign_up.offer_until = WAITING, None
    sign_up.version += 1


def offer_places(session: Session, shift: Shift, role: Role, now: datetime) -> int:
    """Offer the role's free places; the number of offers made.

    Call it, holding the shift's lock, after anything that frees places. Who does not fit (not allowed, elsewhere, or
    more places than are free) is passed over and stays in line.
    """
    if shift.state not in (PUBLISHED, CLOSED) or not may_be_offered(now, shift.starts_at):
        return 0
    offers = 0
    for sign_up in _in_line(session, shift, role):
        if sign_up.places <= role.free:
            _offer(session, shift, role, sign_up, now)
            offers += 1
    return offers


def _in_line(session: Session, shift: Shift, role: Role) -> Iterator[SignUp]:
    """Those who fit, a few at a time, for as long as there is a place to give."""
    last = 0
    while role.free and role.waiting:
        session.flush()
        few = waiting_after(session, role.id, last, role.free, ASKED_AT_ONCE)
        if not few:
            return
        against = fitting.reasons_against(session, shift, role, few)
        yield from [sign_up for sign_up in few if not against[sign_up.id]]
        last = few[-1].line_number or last


def _offer(session: Session, shift: Shift, role: Role, sign_up: SignUp, now: datetime) -> None:
    role.taken += sign_up.places
    role.waiting -= 1
    until = offer_until(now, shift.starts_at)
    sign_up.state, sign_up.offer_until = OFFERED, until
    sign_up.offer_number += 1
    sign_up.version += 1
    record(
        session,
        SignUpOffered(
            shift_id=shift.id,
            sign_up_id=sign_up.id,
            role_id=role.id,
            person_id=sign_up.person_id,
            places=sign_up.places,
            offer_number=sign_up.offer_number,
            offer_until=until,
        ),
    )
