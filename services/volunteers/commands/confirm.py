"""The one way in: directly, from an offer, or through a swap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.volunteers.commands import fitting, seats
from services.volunteers.domain.signing import ALREADY
from services.volunteers.models import Role, Shift, SignUp
from services.volunteers.models.sign_ups import CONFIRMED, OFFERED, WAITING
from shared.contracts import Event
from shared.contracts.volunteers import SignUpConfirmed
from shared.messaging import record_all


def confirm(
    session: Session,
    shift: Shift,
    role: Role,
    sign_up: SignUp,
    now: datetime,
    how: str,
    told_first: Sequence[Event] = (),
) -> None:
    """A new sign-up, one in line or an offered one is in. how: direct, offer, swap or coordinator.

    The caller holds the shift's lock and knows that there is room. Raises Refusal (409) where the person has taken
    a place elsewhere at that time.
    """
    if sign_up.state == WAITING:
        role.waiting -= 1
    if sign_up.state != OFFERED:
        role.taken += sign_up.places
    sign_up.state, sign_up.confirmed_at, sign_up.offer_until = CONFIRMED, now, None
    sign_up.version += 1
    session.add(sign_up)
    session.flush()
    if not seats.take(session, shift, sign_up):
        raise fitting.seated_elsewhere(session, shift, role, sign_up, ALREADY)
    confirmed = SignUpConfirmed(
        shift_id=shift.id,
        sign_up_id=sign_up.id,
        role_id=role.id,
        person_id=sign_up.person_id,
        association_id=sign_up.association_id,
        places=sign_up.places,
        how=how,
    )
    record_all(session, [*told_first, confirmed])
