"""What the mails of notifications are made of. People read the same in the shift itself; here they find nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from services.volunteers.queries import letters
from services.volunteers.schemas.letters import (
    HoursLetterSchema,
    LetterQuerySchema,
    LetterSchema,
    SignUpLetterSchema,
    SwapLetterSchema,
)
from shared.errors import not_found
from shared.web import database, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("letters", __name__, description="What mails are made of, for services")


def services_only(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not signed_in_actor().service:
            raise not_found("letter")
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/letters/sign-ups/<uuid:sign_up_id>")
@services_only
@blueprint.arguments(LetterQuerySchema, location="query")
@blueprint.response(200, SignUpLetterSchema)
def get_sign_up_letter(query: dict[str, Any], sign_up_id: UUID) -> Any:
    """A sign-up and its shift, as it is for one of its people."""
    with database().read() as session:
        return letters.of_sign_up(session, sign_up_id, query["person_id"])


@blueprint.get("/letters/shifts/<uuid:shift_id>")
@services_only
@blueprint.arguments(LetterQuerySchema, location="query")
@blueprint.response(200, LetterSchema)
def get_shift_letter(query: dict[str, Any], shift_id: UUID) -> Any:
    """A shift, for somebody who need not be in it."""
    with database().read() as session:
        return letters.of_shift(session, shift_id, query["person_id"])


@blueprint.get("/letters/swaps/<uuid:swap_id>")
@services_only
@blueprint.response(200, SwapLetterSchema)
def get_swap_letter(swap_id: UUID) -> Any:
    """A swap: what is given, and what for."""
    with database().read() as session:
        return letters.of_swap(session, swap_id)


@blueprint.get("/letters/hours/<uuid:seat_id>")
@services_only
@blueprint.response(200, HoursLetterSchema)
def get_hours_letter(seat_id: UUID) -> Any:
    """Hours, and what the coordinator asks about them."""
    with database().read() as session:
        return letters.of_hours(session, seat_id)
