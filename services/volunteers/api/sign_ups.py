"""Sign up, answer an offer, call off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.volunteers.commands import offers
from services.volunteers.commands.loading import role_of, sign_up_to_change
from services.volunteers.commands.sign_up import Made, Wish, sign_up
from services.volunteers.models import Shift, SignUp
from services.volunteers.queries.cards import sign_up_card
from services.volunteers.schemas.sign_ups import CancelSignUpSchema, SignUpRequestSchema, SignUpSchema
from shared import clock
from shared.web import expected_version, idempotent, session, signed_in_actor, transactional, with_etag
from shared.web.blueprint import Blueprint

blueprint = Blueprint("sign_ups", __name__, description="Sign up, answer an offer, call off")


@blueprint.post("/shifts/<uuid:shift_id>/sign-ups")
@idempotent
@blueprint.arguments(SignUpRequestSchema)
@blueprint.response(201, SignUpSchema)
def make_sign_up(wish: Wish, shift_id: UUID) -> Any:
    """A place, or one in line; refused with all reasons."""
    return _answer(sign_up(session(), signed_in_actor(), shift_id, wish, clock.now()))


@blueprint.post("/sign-ups/<uuid:sign_up_id>/accept")
@transactional
@blueprint.response(200, SignUpSchema)
def accept_offer(sign_up_id: UUID) -> Any:
    """Yes to the offered place; in the last half hour before the start, also to a free one."""
    mine, shift = _mine(sign_up_id, expected_version())
    offers.accept(session(), shift, mine, clock.now())
    return _changed(mine, shift)


@blueprint.post("/sign-ups/<uuid:sign_up_id>/decline")
@transactional
@blueprint.response(200, SignUpSchema)
def decline_offer(sign_up_id: UUID) -> Any:
    """No to the offered place: it goes to the next in line."""
    mine, shift = _mine(sign_up_id, expected_version())
    offers.decline(session(), shift, mine, clock.now())
    return _changed(mine, shift)


@blueprint.post("/sign-ups/<uuid:sign_up_id>/cancel")
@transactional
@blueprint.arguments(CancelSignUpSchema)
@blueprint.response(200, SignUpSchema)
def cancel_sign_up(body: dict[str, Any], sign_up_id: UUID) -> Any:
    """Call off, without having to find anybody else."""
    mine, shift = _mine(sign_up_id, expected_version())
    offers.cancel(session(), shift, mine, clock.now(), body["reason"].strip())
    return _changed(mine, shift)


def _mine(sign_up_id: UUID, version: int) -> tuple[SignUp, Shift]:
    return sign_up_to_change(session(), signed_in_actor(), sign_up_id, version)


def _changed(mine: SignUp, shift: Shift) -> Any:
    return _answer(Made(mine, role_of(shift, mine.role_id), None, []))


def _answer(made: Made) -> Any:
    """No flags: the rules were asked just now."""
    mine = made.sign_up
    shown = sign_up_card(mine, made.role, made.position, [])
    return with_etag(
        {**shown, "shift_id": mine.shift_id, "made_at": mine.made_at, "warnings": made.warnings}, mine.version
    )
