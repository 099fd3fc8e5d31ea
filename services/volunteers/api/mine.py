"""My sign-ups, who comes on my association's places, and whether I may be asked to help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.volunteers import clients
from services.volunteers.api.asked_first import asks_first, birth_date_asked_for, person_asked_for
from services.volunteers.commands.groups import name_seat
from services.volunteers.commands.preferences import prefer
from services.volunteers.queries import sign_ups
from services.volunteers.queries.preferences import preferences
from services.volunteers.schemas.common import SeatSummarySchema
from services.volunteers.schemas.mine import (
    MySignUpSchema,
    MySignUpsSchema,
    PersonRequestSchema,
    PreferencesRequestSchema,
    PreferencesSchema,
    SignUpsQuerySchema,
)
from shared import clock
from shared.web import database, expected_version, session, signed_in_actor, transactional, with_etag
from shared.web.blueprint import Blueprint

blueprint = Blueprint("mine", __name__, description="My sign-ups and preferences")

VIEWS = {"coming": sign_ups.coming, "past": sign_ups.past}


@blueprint.get("/sign-ups")
@blueprint.arguments(SignUpsQuerySchema, location="query")
@blueprint.response(200, MySignUpsSchema)
def list_my_sign_ups(query: dict[str, Any]) -> Any:
    """Mine, and where a group has named me; acting for an association: its own."""
    with database().read() as current:
        found = VIEWS[query["view"]](current, signed_in_actor(), clock.now())
    return {"items": _with_names(found)}


@blueprint.get("/sign-ups/<uuid:sign_up_id>")
@blueprint.response(200, MySignUpSchema)
def get_my_sign_up(sign_up_id: UUID) -> Any:
    """One of them, also after it has ended."""
    with database().read() as current:
        found = sign_ups.sign_up(current, signed_in_actor(), sign_up_id, clock.now())
    return with_etag(_with_names([found])[0], found["version"])


@blueprint.post("/sign-ups/<uuid:sign_up_id>/seats/<uuid:seat_id>/person")
@asks_first(PersonRequestSchema, birth_date=True)
@transactional
@blueprint.arguments(PersonRequestSchema)
@blueprint.response(200, SeatSummarySchema)
def name_person(_body: dict[str, Any], sign_up_id: UUID, seat_id: UUID) -> Any:
    """Who comes on this place of the association; without an e-mail or id nobody is named any more."""
    actor, person_id = signed_in_actor(), person_asked_for()
    return name_seat(session(), actor, sign_up_id, seat_id, person_id, clock.now(), birth_date_asked_for())


@blueprint.get("/preferences")
@blueprint.response(200, PreferencesSchema)
def get_preferences() -> Any:
    """Whether I may be asked where too few have signed up."""
    with database().read() as current:
        found = preferences(current, signed_in_actor())
    return with_etag(found, found["version"])


@blueprint.patch("/preferences")
@transactional
@blueprint.arguments(PreferencesRequestSchema)
@blueprint.response(200, PreferencesSchema)
def change_preferences(body: dict[str, Any]) -> Any:
    """Choose it."""
    prefer(session(), signed_in_actor(), body["may_be_asked"], expected_version())
    found = preferences(session(), signed_in_actor())
    return with_etag(found, found["version"])


def _with_names(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of who has a seat, and who answers for the shift; from accounts, while it is there."""
    names = clients.names_of(key for one in found for key in _people(one))
    return [
        one
        | {
            "shift": one["shift"] | {"contact": names.get(one["shift"]["contact_id"], "")},
            "seats": [seat | {"name": names.get(seat["person_id"], "")} for seat in one["seats"]],
        }
        for one in found
    ]


def _people(one: dict[str, Any]) -> list[UUID | None]:
    seated = [seat["person_id"] for seat in one["seats"] if one["association_id"]]
    return [*seated, one["shift"]["contact_id"]]
