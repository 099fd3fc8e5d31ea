"""A telephone number is for the crew's coordinator, around the shift; each look is written down before it is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.crew import refuse_unless_coordinating
from services.volunteers.domain.on_the_day import phones_period
from services.volunteers.models import PhoneLook, Seat, Shift, SignUp
from services.volunteers.models.sign_ups import ON_THE_LIST
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, Refusal, not_found, refuse_if

_NOBODY = Reason(
    "no-phone", N_("Vi har intet nummer på en gæst uden konto. Skriv det ned på stedet, hvis det er nødvendigt.")
)


def look(session: Session, actor: Actor, shift_id: UUID, seat_id: UUID, now: datetime) -> UUID:
    """Whose number it is: who sits there, or who signed her up. Raises Refusal: 404, 403 or 409."""
    shift = session.get(Shift, shift_id)
    if shift is None:
        raise not_found("shift")
    refuse_unless_coordinating(actor, shift.organiser_id)
    refuse_if(_closed(shift, now), Kind.CONFLICT, "phones-closed")
    person_id = _reached(session, shift_id, seat_id)
    session.add(PhoneLook(shift_id=shift_id, person_id=person_id, looked_by=actor.person_id, looked_at=now))
    return person_id


def _reached(session: Session, shift_id: UUID, seat_id: UUID) -> UUID:
    found = session.execute(
        select(Seat.person_id, SignUp.person_id)
        .join(SignUp, SignUp.id == Seat.sign_up_id, isouter=True)
        .where(Seat.id == seat_id, Seat.shift_id == shift_id, ON_THE_LIST)
    ).first()
    if found is None:
        raise not_found("seat")
    seated, signed_up_by = found
    if person_id := seated or signed_up_by:
        return person_id
    raise Refusal(Kind.CONFLICT, "no-phone", [_NOBODY])


def _closed(shift: Shift, now: datetime) -> Iterator[Reason]:
    opens, closes = phones_period(shift.starts_at, shift.ends_at)
    if not opens <= now < closes:
        text = N_("Telefonnumre kan kun ses fra {opens} til {closes}. Skriv til holdet i stedet.")
        yield Reason("phones-closed", text, None, {"opens": opens, "closes": closes})
