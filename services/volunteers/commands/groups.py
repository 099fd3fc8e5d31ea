"""An association says who comes on the places that it took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.volunteers.commands.birth_dates import know
from services.volunteers.commands.loading import locked_sign_up, role_of
from services.volunteers.domain.crew import about_another
from services.volunteers.domain.eligibility import reasons_against
from services.volunteers.domain.rights import owns
from services.volunteers.models import Membership, Seat, Shift, SignUp
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.sign_ups import CONFIRMED, EXPECTED
from shared.actors import Actor
from shared.contracts.volunteers import SeatNamed, SeatUnnamed
from shared.errors import N_, Kind, Reason, Refusal, not_found, refuse_if
from shared.messaging import record

REFUSED = "naming-refused"

NO_MEMBER = Reason(
    "not-a-member",
    N_("Vi kender intet medlem af foreningen med den e-mail. Se efter, om den er stavet rigtigt."),
    "email",
)
_ON_IT = Reason("already-signed-up", N_("Er allerede på vagten. Skriv en anden på pladsen."), "email")
_ELSEWHERE = Reason("overlap", N_("Har lige taget en anden vagt på det tidspunkt. Skriv en anden på pladsen."), "email")


def name_seat(
    session: Session,
    actor: Actor,
    sign_up_id: UUID,
    seat_id: UUID,
    person_id: UUID | None,
    now: datetime,
    born_on: date | None = None,
) -> Seat:
    """Who comes on this place; None: nobody is named. Whom others named may take herself away.

    `born_on`: what accounts says of her just now. She need not have signed up for anything herself.
    Raises Refusal: 404 for whoever does not speak for the association, 409 with all reasons.
    """
    sign_up, shift, seat = _found(session, actor, sign_up_id, seat_id, person_id)
    reasons = [*_against_naming(sign_up, shift, seat, now)]
    if person_id and person_id != seat.person_id:
        reasons += _against_person(session, sign_up, shift, person_id, born_on)
    refuse_if(reasons, Kind.CONFLICT, REFUSED)
    if person_id != seat.person_id:
        _unname(session, actor, sign_up, seat)
        if person_id:
            know(session, person_id, born_on)
        _write(session, seat, person_id)
    return seat


def _found(
    session: Session, actor: Actor, sign_up_id: UUID, seat_id: UUID, person_id: UUID | None
) -> tuple[SignUp, Shift, Seat]:
    sign_up, shift = locked_sign_up(session, sign_up_id)
    query = select(Seat).where(Seat.id == seat_id, Seat.sign_up_id == sign_up_id, Seat.active)
    seat = session.scalar(query, execution_options={"populate_existing": True})
    if seat is None or not (owns(actor, sign_up.person_id, sign_up.association_id) or _leaves(actor, seat, person_id)):
        raise not_found("seat")
    return sign_up, shift, seat


def _leaves(actor: Actor, seat: Seat, person_id: UUID | None) -> bool:
    return person_id is None and seat.person_id == actor.person_id


def _against_naming(sign_up: SignUp, shift: Shift, seat: Seat, now: datetime) -> Iterator[Reason]:
    if sign_up.association_id is None:
        text = N_("Kun en forenings pladser får navne. Byt din plads med en anden i stedet.")
        yield Reason("not-a-group", text)
    if sign_up.state != CONFIRMED or shift.ends_at <= now:
        yield Reason(
            "shift-over",
            N_("Vagten er forbi eller aflyst, så der kan ikke skrives navne på. Spørg den, der står for den."),
        )
    if seat.attendance != EXPECTED:
        text = N_("Der er allerede noteret, hvem der kom på pladsen. Tal med den, der står for vagten.")
        yield Reason("already-checked-in", text)


def _against_person(
    session: Session, sign_up: SignUp, shift: Shift, person_id: UUID, born_on: date | None
) -> list[Reason]:
    """Of members alone: nobody learns here whether strangers are old enough, or where they are."""
    if not _is_member(session, person_id, sign_up.association_id):
        return [NO_MEMBER]
    asked = wanted(session, shift, role_of(shift, sign_up.role_id))
    born = {person_id: born_on}
    facts = facts_of(session, [person_id], shift.starts_at, shift.ends_at, born, [asked])[person_id]
    here = any(engagement.shift_id == shift.id for engagement in facts.engagements)
    return [*about_another(reasons_against(asked, facts)), *([_ON_IT] if here else [])]


def _is_member(session: Session, person_id: UUID, association_id: UUID | None) -> bool:
    member = exists().where(Membership.person_id == person_id, Membership.association_id == association_id)
    return bool(session.scalar(select(member)))


def _unname(session: Session, actor: Actor, sign_up: SignUp, seat: Seat) -> None:
    """The sign-up counts as changed, so that her calendar takes the later word: she is not expected any more."""
    if seat.person_id is None:
        return
    sign_up.version += 1
    gone = SeatUnnamed(
        shift_id=seat.shift_id,
        sign_up_id=sign_up.id,
        seat_id=seat.id,
        person_id=seat.person_id,
        by_herself=seat.person_id == actor.person_id,
    )
    record(session, gone)


def _write(session: Session, seat: Seat, person_id: UUID | None) -> None:
    """PostgreSQL refuses her if she took something else since we looked; the transaction ends with that."""
    seat.person_id = person_id
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(Kind.CONFLICT, REFUSED, [_ELSEWHERE]) from error
    if person_id and seat.sign_up_id:
        named = SeatNamed(shift_id=seat.shift_id, sign_up_id=seat.sign_up_id, seat_id=seat.id, person_id=person_id)
        record(session, named)
