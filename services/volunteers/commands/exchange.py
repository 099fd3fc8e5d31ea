"""Places change hands: their holders leave them, and each other one sits down, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.confirm import confirm
from services.volunteers.commands.end_sign_up import end, step_out
from services.volunteers.commands.loading import FRESH
from services.volunteers.domain.swaps import GONE
from services.volunteers.models import SignUp
from services.volunteers.models.sign_ups import CANCELLED, CONFIRMED, OFFERED, WAITING
from services.volunteers.models.swaps import Handover
from shared.contracts.volunteers import SignUpMade
from shared.errors import Kind, Refusal
from shared.ids import new_id
from shared.messaging import record


def exchange(session: Session, parts: Sequence[Handover], now: datetime) -> None:
    """All seats are given up before the first is taken: the two shifts may be at the same time."""
    for part in parts:
        _leave_line(session, part, now)
    for part in parts:
        step_out(session, part.shift, part.sign_up, CANCELLED, "swap", now)
    if any(part.role.free < 1 for part in parts):  # the coordinator noted one of them as absent
        raise Refusal(Kind.CONFLICT, "swap-refused", [GONE])
    session.flush()
    for part in parts:
        _seat(session, part, now)


def _leave_line(session: Session, part: Handover, now: datetime) -> None:
    """Who is given a place no longer waits for one on that shift."""
    own = SignUp.person_id == part.to_person_id, SignUp.association_id.is_(None)
    waits = SignUp.shift_id == part.shift.id, SignUp.state.in_((WAITING, OFFERED))
    sign_up = session.scalar(select(SignUp).where(*own, *waits).execution_options(**FRESH))
    if sign_up:
        end(session, part.shift, sign_up, CANCELLED, "swap", now)


def _seat(session: Session, part: Handover, now: datetime) -> None:
    made = SignUp(
        id=new_id(),
        shift_id=part.shift.id,
        role_id=part.role.id,
        person_id=part.to_person_id,
        association_id=None,
        places=1,
        offer_number=0,
        made_at=now,
        version=0,
    )
    record(
        session,
        SignUpMade(
            shift_id=made.shift_id,
            sign_up_id=made.id,
            role_id=made.role_id,
            person_id=made.person_id,
            association_id=None,
            places=1,
            state=CONFIRMED,
        ),
    )
    confirm(session, part.shift, part.role, made, now, "swap")
