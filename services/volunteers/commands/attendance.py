"""Who came: noted by a coordinator, or by the volunteer herself with the code that hangs at the place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.volunteers.commands import proposing
from services.volunteers.commands.loading import FRESH, locked_shift, role_of
from services.volunteers.domain.crew import refuse_unless_coordinating
from services.volunteers.domain.on_the_day import CHECK_IN_BEFORE, attendance_period, is_check_in_code, is_late
from services.volunteers.models import Seat, Shift
from services.volunteers.models.shifts import CANCELLED, DRAFT
from services.volunteers.models.sign_ups import ABSENT, CHILD, EXPECTED, LATE, ON_THE_LIST, PRESENT
from shared.actors import Actor
from shared.contracts.volunteers import VolunteerCheckedIn
from shared.errors import N_, Kind, Reason, Refusal, not_found, refuse_if
from shared.messaging import record

_FULL = Reason("full", N_("Pladsen er givet videre, og der er ingen fri. Sæt flere pladser på vagten først."))
_ELSEWHERE = Reason("overlap", N_("Er på en anden vagt på det tidspunkt. Meld afbud dér først."))
_GIVEN_UP = Reason("given-up", N_("Pladsen er givet fra sig. Skriv personen på som en, der kom uden tilmelding."))
_NOT_ABSENT = Reason("not-absent", N_("Vagten er ikke begyndt. Vent til start, eller giv personen fri fra den."))
_NOT_LATE = Reason("not-late", N_("Da var vagten ikke begyndt. Tryk Mødt, eller skriv et senere tidspunkt."), "at")
_TIME_NEEDED = Reason("time-needed", N_("Vagten er slut. Skriv, hvad klokken var, da personen kom."), "at")
_WRONG_CODE = Reason("wrong-code", N_("Koden hører ikke til den her vagt. Scan den, der hænger på stedet."))
_NOT_ON_LIST = Reason("not-signed-up", N_("Du står ikke på holdet til vagten. Sig det til den, der står for vagten."))


def note(session: Session, actor: Actor, seat_id: UUID, attendance: str, at: datetime | None, now: datetime) -> None:
    """attendance: expected, present, late (`at` is when she came) or absent, which frees her place.

    The same once more changes nothing. Raises Refusal: 404, 403 or 409 with all reasons.
    """
    shift = _shift_of(session, seat_id)
    refuse_unless_coordinating(actor, shift.organiser_id)
    seat = session.get_one(Seat, seat_id, execution_options=FRESH)
    came_at = _arrival(seat, attendance, shift, at, now)
    reasons = [*reasons_not_now(shift, now), *_impossible_time(shift, at, now)]
    if attendance == LATE:
        reasons += _not_late(shift, came_at)
    if attendance == ABSENT and now < shift.starts_at:
        reasons.append(_NOT_ABSENT)
    refuse_if(reasons, Kind.CONFLICT, "not-now")
    _set(session, shift, seat, attendance, came_at, now)


def check_in(session: Session, actor: Actor, shift_id: UUID, code: str, secret: str, now: datetime) -> UUID:
    """Her own seat, and that of the child she brings; its id. Scanning twice does no harm. Raises Refusal (409)."""
    shift = locked_shift(session, shift_id)
    refuse_if(_cannot_check_in(shift, code, secret, now), Kind.CONFLICT, "cannot-check-in")
    on_list = session.scalars(select(Seat).where(Seat.shift_id == shift.id, ON_THE_LIST), execution_options=FRESH).all()
    hers = [seat for seat in on_list if seat.person_id == actor.person_id]
    own = max(hers, key=lambda seat: seat.active, default=None)
    if own is None:
        raise Refusal(Kind.CONFLICT, "cannot-check-in", [_NOT_ON_LIST])
    for seat in [own, *_children(own, on_list)]:
        if seat.attendance not in (PRESENT, LATE):
            arrive(session, shift, seat, now)
    return own.id


def arrive(session: Session, shift: Shift, seat: Seat, now: datetime) -> None:
    """She is here now; written down after the shift she was there all along."""
    if now < shift.ends_at:
        _set(session, shift, seat, LATE if is_late(shift.starts_at, now) else PRESENT, now, now)
    else:
        _set(session, shift, seat, PRESENT, None, now)


def be_there(session: Session, shift: Shift, seat: Seat, now: datetime) -> None:
    """A coordinator writes her down as present: when she came is not what she says by that."""
    _set(session, shift, seat, PRESENT, now if now < shift.ends_at else None, now)


def reasons_not_now(shift: Shift, now: datetime) -> Iterator[Reason]:
    """Why nobody can write down who came to this shift at this moment."""
    opens, closes = attendance_period(shift.starts_at, shift.ends_at)
    if shift.state in (DRAFT, CANCELLED):
        yield Reason("no-shift", N_("Vagten er aflyst eller ikke udgivet endnu. Ingen kan møde på den."))
    if now < opens:
        text = N_("Det er for tidligt. Skriv fremmødet, når dagen er der: {opens}.")
        yield Reason("too-early", text, None, {"opens": opens})
    if now > closes:
        yield Reason("too-late", N_("Vagten var for længe siden. Fremmødet kan ikke rettes mere."))


def _children(own: Seat, on_list: Sequence[Seat]) -> list[Seat]:
    return [seat for seat in on_list if seat.kind == CHILD and seat.sign_up_id == own.sign_up_id and seat.active]


def _shift_of(session: Session, seat_id: UUID) -> Shift:
    shift_id = session.scalar(select(Seat.shift_id).where(Seat.id == seat_id))
    if shift_id is None:
        raise not_found("seat")
    return locked_shift(session, shift_id)


def _arrival(seat: Seat, attendance: str, shift: Shift, at: datetime | None, now: datetime) -> datetime | None:
    """When she came: as it is said now, as it was noted before, or this moment while the shift is on."""
    if attendance in (EXPECTED, ABSENT):
        return None
    return at or seat.checked_in_at or (now if now < shift.ends_at else None)


def _set(session: Session, shift: Shift, seat: Seat, attendance: str, at: datetime | None, now: datetime) -> None:
    if (seat.attendance, seat.checked_in_at) == (attendance, at):
        return
    refuse_if([_GIVEN_UP] if _is_given_up(session, seat) else [], Kind.CONFLICT, "given-up")
    proposing.refuse_if_decided(session, seat, attendance)
    if attendance == ABSENT:
        _free(shift, seat)
    else:
        _seat_again(session, shift, seat)
    told = seat.attendance != attendance and attendance != EXPECTED
    seat.attendance, seat.checked_in_at = attendance, at
    session.flush()
    proposing.propose_anew(session, shift, seat, now)
    if told:
        record(
            session,
            VolunteerCheckedIn(shift_id=shift.id, seat_id=seat.id, person_id=seat.person_id, attendance=attendance),
        )


def _is_given_up(session: Session, seat: Seat) -> bool:
    """Who was noted as absent may have her place back, but not once her sign-up has ended."""
    on_the_list = select(Seat.id).where(Seat.id == seat.id, ON_THE_LIST)
    return not seat.active and session.scalar(on_the_list) is None


def _free(shift: Shift, seat: Seat) -> None:
    """Who did not come may be somewhere else, and whoever turns up may have the place."""
    if seat.active:
        seat.active = False
        role_of(shift, seat.role_id).taken -= 1


def _seat_again(session: Session, shift: Shift, seat: Seat) -> None:
    """She came after all: only while a place is free."""
    role = role_of(shift, seat.role_id)
    if seat.active:
        return
    refuse_if([] if role.free else [_FULL], Kind.CONFLICT, "full")
    try:
        with session.begin_nested():
            seat.active = True
    except IntegrityError as error:
        raise Refusal(Kind.CONFLICT, "overlap", [_ELSEWHERE]) from error
    role.taken += 1


def _impossible_time(shift: Shift, at: datetime | None, now: datetime) -> Iterator[Reason]:
    if at and not (shift.starts_at - CHECK_IN_BEFORE <= at <= min(now, shift.ends_at)):
        text = N_("Skriv et tidspunkt under vagten, som ikke ligger i fremtiden.")
        yield Reason("impossible-time", text, "at")


def _not_late(shift: Shift, came_at: datetime | None) -> Iterator[Reason]:
    if came_at is None:
        yield _TIME_NEEDED
    elif came_at < shift.starts_at:
        yield _NOT_LATE


def _cannot_check_in(shift: Shift, code: str, secret: str, now: datetime) -> Iterator[Reason]:
    if not is_check_in_code(code, shift.id, secret):
        yield _WRONG_CODE
        return
    if shift.state in (DRAFT, CANCELLED):
        yield Reason("shift-cancelled", N_("Vagten er aflyst. Find en anden vagt."))
    opens = shift.starts_at - CHECK_IN_BEFORE
    if now < opens:
        yield Reason("too-early", N_("Det er for tidligt. Du kan tjekke ind fra {opens}."), None, {"opens": opens})
    if now >= shift.ends_at:
        text = N_("Vagten er slut. Var du med, så skriv dine timer under Mine timer.")
        yield Reason("too-late", text)
