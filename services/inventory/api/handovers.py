"""The depot's desk: pick lists, hand-outs and returns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.inventory import commands
from services.inventory.models import Handover
from services.inventory.queries import handovers
from services.inventory.queries.stock import allowed_depots
from services.inventory.schemas.handovers import (
    BookingHandoversSchema,
    HandOutRequestSchema,
    HandoverSchema,
    HandoversQuerySchema,
    HandoversSchema,
    ReturnRequestSchema,
)
from shared import clock
from shared.actors import DEPOT_STAFF
from shared.web import (
    database,
    expected_version,
    idempotent,
    require_role,
    session,
    signed_in_actor,
    with_etag,
)
from shared.web.blueprint import Blueprint

blueprint = Blueprint("handovers", __name__, description="Hand-outs and returns at the depots' desks")


@blueprint.get("/handovers")
@require_role(DEPOT_STAFF)
@blueprint.arguments(HandoversQuerySchema, location="query")
@blueprint.response(200, HandoversSchema)
def list_handovers(query: dict[str, Any]) -> dict[str, Any]:
    """What is to be fetched or returned on a day (today if none is given), is overdue, or is looked for."""
    depots = allowed_depots(signed_in_actor(), query["depot_id"])
    day = query["date"] or clock.today()
    with database().read() as current:
        if query["q"].strip():
            return {"handovers": handovers.search(current, depots, query["q"])}
        return {"handovers": handovers.on_day(current, depots, query["view"], day, clock.now())}


@blueprint.get("/handovers/<uuid:handover_id>")
@blueprint.response(200, HandoverSchema)
def get_handover(handover_id: UUID) -> dict[str, Any]:
    """One handover in full, for the depot's staff and the borrowers."""
    with database().read() as current:
        found = handovers.handover(current, handover_id, signed_in_actor())
        return with_etag(found, found["version"])


@blueprint.get("/bookings/<uuid:booking_id>/handovers")
@blueprint.response(200, BookingHandoversSchema)
def list_booking_handovers(booking_id: UUID) -> dict[str, Any]:
    """A booking's handovers, one for each depot; none while no depot knows of it yet."""
    with database().read() as current:
        return {"handovers": handovers.of_booking(current, booking_id, signed_in_actor())}


@blueprint.post("/handovers/<uuid:handover_id>/hand-outs")
@idempotent
@blueprint.arguments(HandOutRequestSchema)
@blueprint.response(201, HandoverSchema)
def hand_out(body: dict[str, Any], handover_id: UUID) -> dict[str, Any]:
    """Hand out a part or all; what is found broken stays."""
    return _shown(commands.hand_out(session(), signed_in_actor(), handover_id, expected_version(), body, clock.now()))


@blueprint.post("/handovers/<uuid:handover_id>/returns")
@idempotent
@blueprint.arguments(ReturnRequestSchema)
@blueprint.response(201, HandoverSchema)
def take_back(body: dict[str, Any], handover_id: UUID) -> dict[str, Any]:
    """Take back a part or all; what is broken or missing leaves the stock."""
    return _shown(commands.take_back(session(), signed_in_actor(), handover_id, expected_version(), body, clock.now()))


def _shown(handover: Handover) -> dict[str, Any]:
    session().flush()
    return with_etag(handovers.in_full(session(), handover, signed_in_actor()), handover.version)
