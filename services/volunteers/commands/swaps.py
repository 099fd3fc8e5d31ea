"""Two people agree that one takes the other's place, or that they exchange theirs; all rules hold for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from services.volunteers.commands.birth_dates import know
from services.volunteers.commands.exchange import exchange
from services.volunteers.commands.loading import FRESH, locked_shifts, locked_sign_up
from services.volunteers.domain import swaps as rules
from services.volunteers.domain.rights import owns
from services.volunteers.models import Shift, SignUp, Swap
from services.volunteers.models.shifts import CANCELLED as CALLED_OFF
from services.volunteers.models.shifts import HELD
from services.volunteers.models.sign_ups import CONFIRMED, DECLINED, LAPSED, has_arrived
from services.volunteers.models.swaps import (
    AGREED,
    ASKED,
    Handover,
    handovers,
    reasons_against_wish,
    reasons_against_yes,
    sign_ups_of,
)
from shared.actors import NOBODY, Actor
from shared.contracts.volunteers import SwapAnswered, SwapAsked, SwapLapsed
from shared.errors import Kind, Reason, Refusal, not_found, refuse_if
from shared.ids import new_id
from shared.messaging import record, record_all

REFUSED = "swap-refused"


def ask_to_swap(
    session: Session,
    actor: Actor,
    sign_up_id: UUID,
    to_person_id: UUID,
    in_exchange_shift_id: UUID | None,
    now: datetime,
) -> Swap:
    """Ask somebody (NOBODY: nobody is known by that address) to take one's place, or to exchange it for hers.

    Who asks hears the same whoever that is: whether there is such a person, with a place on the other shift, and may
    take this one, is told to her alone, when she looks. Raises Refusal (409) with all other reasons.
    """
    sign_up, shift = locked_sign_up(session, sign_up_id)
    if not owns(actor, sign_up.person_id, sign_up.association_id):
        raise not_found("sign-up")
    hers = _place_of(session, to_person_id, in_exchange_shift_id)
    reasons = [
        *rules.against_giving(sign_up.state, sign_up.places, sign_up.association_id),
        *rules.against_time(shift.state, shift.starts_at, now),
        *([rules.ARRIVED] if has_arrived(session, sign_up.id) else []),
        *([rules.WITH_ONESELF] if to_person_id == actor.person_id else []),
        *rules.against_asking_again(session.scalars(select(Swap.state).where(Swap.sign_up_id == sign_up.id)).all()),
        *_against_wish(session, actor, Handover(sign_up, shift, to_person_id), in_exchange_shift_id, now),
    ]
    refuse_if(reasons, Kind.CONFLICT, REFUSED)
    swap = Swap(
        id=new_id(),
        sign_up_id=sign_up.id,
        to_person_id=to_person_id,
        in_exchange_shift_id=in_exchange_shift_id,
        in_exchange_id=hers.id if hers else None,
        state=ASKED,
        asked_at=now,
    )
    session.add(swap)
    if to_person_id != NOBODY:
        _tell_asked(session, swap, sign_up)
    return swap


def answer_swap(session: Session, actor: Actor, swap_id: UUID, agree: bool, now: datetime) -> Swap:
    """By who was asked. Raises Refusal: 404 for everybody else, 409 with all reasons."""
    swap, parts = _locked(session, swap_id)
    if actor.service or swap.to_person_id != actor.person_id:
        raise not_found("swap")
    if swap.state != ASKED:
        raise Refusal(Kind.CONFLICT, "swap-over", [rules.OVER])
    if agree:
        born = {actor.person_id: actor.born_on}
        refuse_if(reasons_against_yes(session, swap, parts, now, born), Kind.CONFLICT, REFUSED)
        know(session, actor.person_id, actor.born_on)
        exchange(session, parts, now)
        _lapse_others(session, swap, parts, now)
    swap.state, swap.answered_at = AGREED if agree else DECLINED, now
    _tell_answered(session, swap, parts[0].sign_up, agree)
    return swap


def withdraw_swap(session: Session, actor: Actor, swap_id: UUID, now: datetime) -> Swap:
    """By who asked. Raises Refusal: 404 for everybody else, 409 if it is answered already."""
    swap, parts = _locked(session, swap_id)
    if parts[0].sign_up.person_id != actor.person_id:
        raise not_found("swap")
    if swap.state != ASKED:
        raise Refusal(Kind.CONFLICT, "swap-over", [rules.OVER])
    swap.state, swap.answered_at = LAPSED, now
    return swap


def lapse_swaps(session: Session, now: datetime) -> None:
    """Where the place that is given is gone, or a shift has begun or was called off.

    That the other has no place to give any more lapses nothing: who asked would learn of it what the other does.
    """
    over = or_(Shift.starts_at <= now, Shift.state.in_((CALLED_OFF, HELD)))
    given = select(SignUp.id).join(Shift, Shift.id == SignUp.shift_id).where(SignUp.id == Swap.sign_up_id)
    wished_for = select(Shift.id).where(Shift.id == Swap.in_exchange_shift_id, over)
    _lapse(session, now, given.where(or_(SignUp.state != CONFIRMED, over)).exists() | wished_for.exists())


def _lapse_others(session: Session, swap: Swap, parts: Sequence[Handover], now: datetime) -> None:
    """What else was asked about the places that are gone now."""
    _lapse(session, now, Swap.id != swap.id, Swap.sign_up_id.in_([part.sign_up.id for part in parts]))


def _lapse(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    """Only what nobody has answered meanwhile. Both are told, where there is another."""
    lapsed = update(Swap).where(Swap.state == ASKED, *which).values(state=LAPSED, answered_at=now).returning(Swap)
    swaps = session.scalars(lapsed, execution_options={"synchronize_session": False, **FRESH}).all()
    given = sign_ups_of(session, swaps)
    record_all(session, [_lapsed(swap, given[swap.sign_up_id]) for swap in swaps])


def _lapsed(swap: Swap, given: SignUp) -> SwapLapsed:
    return SwapLapsed(
        shift_id=given.shift_id,
        swap_id=swap.id,
        sign_up_id=given.id,
        from_person_id=given.person_id,
        to_person_id=None if swap.to_person_id == NOBODY else swap.to_person_id,
    )


def _place_of(session: Session, person_id: UUID, shift_id: UUID | None) -> SignUp | None:
    """The place that somebody has on a shift, if it is one that can change hands."""
    if shift_id is None:
        return None
    own = SignUp.person_id == person_id, SignUp.association_id.is_(None), SignUp.places == 1
    return session.scalar(select(SignUp).where(SignUp.shift_id == shift_id, SignUp.state == CONFIRMED, *own))


def _against_wish(
    session: Session, actor: Actor, given: Handover, shift_id: UUID | None, now: datetime
) -> list[Reason]:
    if shift_id is None:
        return []
    reasons = reasons_against_wish(session, shift_id, given, now, {actor.person_id: actor.born_on})
    return [reason.at("in_exchange_shift_id") for reason in reasons]


def _locked(session: Session, swap_id: UUID) -> tuple[Swap, list[Handover]]:
    """Both shifts in the order of their ids, then the swap. Raises Refusal (404)."""
    found = session.get(Swap, swap_id)
    if found is None:
        raise not_found("swap")
    shift_ids = {sign_up.shift_id for sign_up in sign_ups_of(session, [found]).values()}
    shifts = {shift.id: shift for shift in locked_shifts(session, shift_ids)}
    swap = session.get_one(Swap, swap_id, with_for_update=True, execution_options=FRESH)
    sign_ups = sign_ups_of(session, [swap])
    return swap, handovers(swap, sign_ups, shifts)


def _tell_asked(session: Session, swap: Swap, given: SignUp) -> None:
    record(
        session,
        SwapAsked(
            shift_id=given.shift_id,
            swap_id=swap.id,
            sign_up_id=given.id,
            from_person_id=given.person_id,
            to_person_id=swap.to_person_id,
            in_exchange_shift_id=swap.in_exchange_shift_id,
        ),
    )


def _tell_answered(session: Session, swap: Swap, given: SignUp, agreed: bool) -> None:
    record(
        session,
        SwapAnswered(
            shift_id=given.shift_id,
            swap_id=swap.id,
            sign_up_id=given.id,
            from_person_id=given.person_id,
            to_person_id=swap.to_person_id,
            agreed=agreed,
        ),
    )
