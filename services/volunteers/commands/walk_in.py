"""Who comes without a place: a guest on a free one, or somebody from the line who happens to be there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands import line
from services.volunteers.commands.attendance import be_there, reasons_not_now
from services.volunteers.commands.birth_dates import know
from services.volunteers.commands.confirm import confirm
from services.volunteers.commands.loading import FRESH, locked_shift, role_of
from services.volunteers.domain.crew import about_another, refuse_unless_coordinating
from services.volunteers.domain.signing import Party, reasons_against_staying
from services.volunteers.models import Role, Seat, Shift, SignUp, period
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.sign_ups import CONFIRMED, EXPECTED, GUEST, OFFERED, ON_THE_LIST, WAITING
from shared.actors import NOBODY, Actor
from shared.contracts.volunteers import SignUpMade
from shared.errors import N_, Kind, Reason, refuse_if
from shared.ids import new_id
from shared.messaging import record

_FULL = Reason(
    "full",
    N_("Alle pladser er taget. Notér den, der ikke kom, som udeblevet, eller sæt flere pladser på vagten."),
    "role_id",
)
_UNKNOWN = Reason(
    "unknown-person",
    N_("Vi kender ingen med den e-mail. Ret den, eller lad feltet stå tomt, så er det en gæst uden konto."),
    "email",
)
_ON_LIST = Reason("already-in", N_("Står allerede på holdet. Tryk Mødt ud for navnet."), "email")


def walk_in(
    session: Session,
    actor: Actor,
    shift_id: UUID,
    role_id: UUID,
    person_id: UUID | None,
    now: datetime,
    born_on: date | None = None,
) -> UUID:
    """Seat a guest, known (then the rules hold) or not (None), who is here now; the seat's id.

    `born_on`: what accounts says of her just now.
    Raises Refusal: 404, 403 or 409 with all reasons.
    """
    shift = locked_shift(session, shift_id)
    refuse_unless_coordinating(actor, shift.organiser_id)
    role = role_of(shift, role_id)
    if role.waiting and role.free:
        line.offer_places(session, shift, role, now)  # while there is time for it, the line comes first
    in_line = _in_line(session, shift, person_id)
    places = in_line.places if in_line and in_line.state == WAITING else 1
    refuse_if(
        [
            *reasons_not_now(shift, now),
            *([] if (in_line and in_line.state == OFFERED) or role.free >= places else [_FULL]),
            *_against(session, shift, role, person_id, in_line, born_on),
        ],
        Kind.CONFLICT,
        "cannot-walk-in",
    )
    if person_id:
        know(session, person_id, born_on)
    seats = _seated(session, shift, role, person_id, in_line, now)
    for seat in seats:
        be_there(session, shift, seat, now)
    return seats[0].id


def _seated(
    session: Session, shift: Shift, role: Role, person_id: UUID | None, in_line: SignUp | None, now: datetime
) -> list[Seat]:
    """Her own seat first; a child that she had in line with her comes along."""
    if person_id is None:
        return [_stranger(session, shift, role)]
    sign_up = in_line or _new(session, shift, role, person_id, now)
    confirm(session, shift, role, sign_up, now, "coordinator")
    seats = session.scalars(select(Seat).where(Seat.sign_up_id == sign_up.id, Seat.active)).all()
    if in_line is None:
        seats[0].kind = GUEST
    return sorted(seats, key=lambda seat: seat.person_id != person_id)


def _in_line(session: Session, shift: Shift, person_id: UUID | None) -> SignUp | None:
    if person_id is None:
        return None
    session.flush()
    return session.scalar(
        select(SignUp).where(
            SignUp.shift_id == shift.id,
            SignUp.person_id == person_id,
            SignUp.association_id.is_(None),
            SignUp.state.in_((WAITING, OFFERED)),
        ),
        execution_options=FRESH,
    )


def _against(
    session: Session,
    shift: Shift,
    role: Role,
    person_id: UUID | None,
    in_line: SignUp | None,
    born_on: date | None,
) -> Iterator[Reason]:
    if person_id is None:
        return
    if person_id == NOBODY:
        yield _UNKNOWN
        return
    if in_line and in_line.role_id != role.id:
        text = N_("Står på ventelisten til en anden opgave: {role}. Vælg den.")
        yield Reason("in-another-line", text, "role_id", {"role": _name(shift, in_line.role_id)})
    if session.scalar(select(Seat.id).where(Seat.shift_id == shift.id, Seat.person_id == person_id, ON_THE_LIST)):
        yield _ON_LIST
    asked = wanted(session, shift, role)
    born = {person_id: born_on}
    facts = facts_of(session, [person_id], shift.starts_at, shift.ends_at, born, [asked])[person_id]
    party = in_line.party if in_line else Party()
    yield from about_another(reasons_against_staying(asked, facts, party))


def _name(shift: Shift, role_id: UUID) -> str:
    return role_of(shift, role_id).name


def _stranger(session: Session, shift: Shift, role: Role) -> Seat:
    role.taken += 1
    seat = Seat(
        shift_id=shift.id,
        role_id=role.id,
        kind=GUEST,
        active=True,
        attendance=EXPECTED,
        during=period(shift.starts_at, shift.ends_at),
    )
    session.add(seat)
    session.flush()
    return seat


def _new(session: Session, shift: Shift, role: Role, person_id: UUID, now: datetime) -> SignUp:
    """A guest whom we know has a sign-up as everybody has."""
    sign_up = SignUp(
        id=new_id(), shift_id=shift.id, role_id=role.id, person_id=person_id, places=1, made_at=now, version=0
    )
    record(
        session,
        SignUpMade(
            shift_id=shift.id,
            sign_up_id=sign_up.id,
            role_id=role.id,
            person_id=person_id,
            association_id=None,
            places=1,
            state=CONFIRMED,
        ),
    )
    return sign_up
