"""A coordinator takes somebody off the list, or out of the line; she is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.volunteers.commands.end_sign_up import end
from services.volunteers.commands.loading import locked_sign_up
from services.volunteers.domain.crew import refuse_unless_coordinating
from services.volunteers.models import Shift, SignUp
from services.volunteers.models.sign_ups import ALIVE, RELEASED, has_arrived
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, not_found, refuse_if


def release(session: Session, actor: Actor, shift_id: UUID, sign_up_id: UUID, reason: str, now: datetime) -> None:
    """What it frees goes to the next in line. Raises Refusal: 404, 403 or 409."""
    sign_up, shift = locked_sign_up(session, sign_up_id)
    if shift.id != shift_id:
        raise not_found("sign-up")
    refuse_unless_coordinating(actor, shift.organiser_id)
    refuse_if(_against(session, shift, sign_up, now), Kind.CONFLICT, "cannot-release")
    end(session, shift, sign_up, RELEASED, "coordinator", now, reason)


def _against(session: Session, shift: Shift, sign_up: SignUp, now: datetime) -> Iterator[Reason]:
    if sign_up.state not in ALIVE:
        yield Reason("already-ended", N_("Er ikke på listen mere. Hent den igen."))
    if has_arrived(session, sign_up.id):
        yield Reason("checked-in", N_("Er mødt på vagten. Var det en fejl, så ret fremmødet først."))
    if now >= shift.ends_at:
        yield Reason("shift-over", N_("Vagten er forbi. Skriv i stedet, om personen kom."))
