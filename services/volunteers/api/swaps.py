"""Ask somebody to swap, look, answer, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.volunteers import clients
from services.volunteers.api.asked_first import asks_first, person_asked_for
from services.volunteers.commands.swaps import answer_swap, ask_to_swap, withdraw_swap
from services.volunteers.models.swaps import AGREED
from services.volunteers.queries import swaps
from services.volunteers.schemas.swaps import SwapAnswerSchema, SwapRequestSchema, SwapSchema, SwapsSchema
from shared import clock
from shared.actors import NOBODY
from shared.web import database, idempotent, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("swaps", __name__, description="Swaps between two people who agree")


@blueprint.post("/sign-ups/<uuid:sign_up_id>/swaps")
@asks_first(SwapRequestSchema)
@idempotent
@blueprint.arguments(SwapRequestSchema)
@blueprint.response(201, SwapSchema)
def ask(body: dict[str, Any], sign_up_id: UUID) -> Any:
    """Ask another to take my place, or to exchange it for hers. The answer is the same where nobody has the address."""
    wished_for, asked_for = body["in_exchange_shift_id"], person_asked_for() or NOBODY
    asked = ask_to_swap(session(), signed_in_actor(), sign_up_id, asked_for, wished_for, clock.now())
    return _answer(asked.id)


@blueprint.get("/swaps")
@blueprint.response(200, SwapsSchema)
def list_swaps() -> Any:
    """Asked of me or by me, open ones first."""
    with database().read() as current:
        found = swaps.swaps(current, signed_in_actor(), clock.now())
    return {"items": _with_names(found)}


@blueprint.get("/swaps/<uuid:swap_id>")
@blueprint.response(200, SwapSchema)
def get_swap(swap_id: UUID) -> Any:
    """One of them."""
    with database().read() as current:
        found = swaps.swap(current, signed_in_actor(), swap_id, clock.now())
    return _with_names([found])[0]


@blueprint.post("/swaps/<uuid:swap_id>/answer")
@transactional
@blueprint.arguments(SwapAnswerSchema)
@blueprint.response(200, SwapSchema)
def answer(body: dict[str, Any], swap_id: UUID) -> Any:
    """Agreed: the places change hands at once, or nothing does and all reasons are told."""
    answer_swap(session(), signed_in_actor(), swap_id, body["agree"], clock.now())
    return _answer(swap_id)


@blueprint.post("/swaps/<uuid:swap_id>/withdraw")
@transactional
@blueprint.response(200, SwapSchema)
def withdraw(swap_id: UUID) -> Any:
    """I no longer ask."""
    withdraw_swap(session(), signed_in_actor(), swap_id, clock.now())
    return _answer(swap_id)


def _answer(swap_id: UUID) -> Any:
    """Without names: accounts is not asked while the shifts are locked."""
    return swaps.swap(session(), signed_in_actor(), swap_id, clock.now())


def _with_names(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """From accounts, while it is there. Whoever asks an address learns whose it is when that person has agreed."""
    names = clients.names_of(one[key] for one in found for key in ("from_person_id", "to_person_id"))
    return [one | {"from_name": names.get(one["from_person_id"], ""), "to_name": _to_name(one, names)} for one in found]


def _to_name(one: dict[str, Any], names: Mapping[UUID, str]) -> str:
    return "" if one["mine"] and one["state"] != AGREED else names.get(one["to_person_id"], "")
