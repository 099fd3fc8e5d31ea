"""Two people agree that one takes the other's place, or that they exchange theirs; all rules hold for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from services.volunteers.commands.exchange import exchange
from services.volunteers.commands.loading import FRESH, locked_shifts, locked_sign_up
from services.volunteers.commands.sign_up import know
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
    reasons_against,
    reasons_against_yes,
    reasons_gone,
    shifts_of,
    sign_ups_of,
)
from shared.actors import Actor
from shared.contracts.volunteers import SwapAnswered, SwapAsked
from shared.errors import Kind, Reason, Refusal, not_found, refuse_if
from shared.ids import new_id
from shared.messaging import record

REFUSED = "swap-refused"


def ask_to_swap(
    session: Session,
    actor: Actor,
    sign_up_id: UUID,
    to_person_id: UUID | None,
    in_exchange_shift_id: UUID | None,
    now: datetime,
) -> Swap:
    """Ask somebody (None: nobody is known by that address) to take one's place, or to exchange it for hers.

    Whether she may take it is hers to know, and asked when she looks. Raises Refusal (409) with all other reasons.
    """
    sign_up, shift = locked_sign_up(session, sign_up_id)
    if not owns(actor, sign_up.person_id, sign_up.association_id):
        raise not_found("sign-up")
    hers = _place_of(session, to_person_id, in_exchange_shift_id)
    reasons = [
        *rules.against_giving(sign_up.state, sign_up.places, sign_up.association_id),
        *rules.against_time(shift.state, shift.starts_at, now),
        *([rules.ARRIVED] if has_arrived(session, sign_up.id) else []),
        *_against_person(actor, to_person_id, in_exchange_shift_id, hers),
        *rules.against_asking_again(session.scalars(select(Swap.state).where(Swap.sign_up_id == sign_up.id)).all()),
        *_against_exchange(session, actor, sign_up, hers, now),
    ]
    refuse_if(reasons, Kind.CONFLICT, REFUSED)
    assert to_person_id is not None  # noqa: S101 (else there was a reason)
    swap = Swap(
        id=new_id(),
        sign_up_id=sign_up.id,
        to_person_id=to_person_id,
        in_exchange_id=hers.id if hers else None,
        state=ASKED,
        asked_at=now,
    )
    session.add(swap)
    _tell_asked(session, swap, sign_up, in_exchange_shift_id)
    return swap


def answer_swap(session: Session, actor: Actor, swap_id: UUID, agree: bool, now: datetime) -> Swap:
    """By who was asked. Raises Refusal: 404 for everybody else, 409 with all reasons."""
    swap, parts = _locked(session, swap_id)
    if swap.to_person_id != actor.person_id:
        raise not_found("swap")
    if swap.state != ASKED:
        raise Refusal(Kind.CONFLICT, "swap-over", [rules.OVER])
    if agree:
        born = {actor.person_id: actor.born_on}
        refuse_if(reasons_against_yes(session, parts, now, born), Kind.CONFLICT, REFUSED)
        know(session, actor)
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
    """Those that nobody can agree to any more: a place was given up, or its shift has begun or was called off."""
    over = or_(SignUp.state != CONFIRMED, Shift.starts_at <= now, Shift.state.in_((CALLED_OFF, HELD)))
    gone = select(SignUp.id).join(Shift, Shift.id == SignUp.shift_id).where(over)
    about = or_(Swap.sign_up_id == SignUp.id, Swap.in_exchange_id == SignUp.id)
    _lapse(session, now, gone.where(about).exists())


def _lapse_others(session: Session, swap: Swap, parts: Sequence[Handover], now: datetime) -> None:
    """What else was asked about the places that are gone now."""
    about = [part.sign_up.id for part in parts]
    _lapse(session, now, Swap.id != swap.id, or_(Swap.sign_up_id.in_(about), Swap.in_exchange_id.in_(about)))


def _lapse(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    """Only what nobody has answered meanwhile."""
    session.execute(
        update(Swap).where(Swap.state == ASKED, *which).values(state=LAPSED, answered_at=now),
        execution_options={"synchronize_session": False},
    )


def _place_of(session: Session, person_id: UUID | None, shift_id: UUID | None) -> SignUp | None:
    """The place that somebody has on a shift, if it is one that can change hands."""
    if person_id is None or shift_id is None:
        return None
    own = SignUp.person_id == person_id, SignUp.association_id.is_(None), SignUp.places == 1
    return session.scalar(select(SignUp).where(SignUp.shift_id == shift_id, SignUp.state == CONFIRMED, *own))


def _against_person(
    actor: Actor, person_id: UUID | None, in_exchange_shift_id: UUID | None, hers: SignUp | None
) -> list[Reason]:
    if person_id == actor.person_id:
        return [rules.WITH_ONESELF]
    if in_exchange_shift_id:
        return [] if hers else [rules.UNKNOWN_THERE]
    return [] if person_id else [rules.UNKNOWN]


def _against_exchange(
    session: Session, actor: Actor, given: SignUp, hers: SignUp | None, now: datetime
) -> list[Reason]:
    """What speaks against the asker's taking the other place, told of that field."""
    if hers is None or hers.person_id == actor.person_id:
        return []
    part = Handover(hers, shifts_of(session, [hers])[hers.shift_id], actor.person_id, given.shift_id)
    reasons = [*reasons_gone(session, [part], now), *reasons_against(session, part, {actor.person_id: actor.born_on})]
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


def _tell_asked(session: Session, swap: Swap, given: SignUp, in_exchange_shift_id: UUID | None) -> None:
    record(
        session,
        SwapAsked(
            shift_id=given.shift_id,
            swap_id=swap.id,
            sign_up_id=given.id,
            from_person_id=given.person_id,
            to_person_id=swap.to_person_id,
            in_exchange_shift_id=in_exchange_shift_id,
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
