"""For those who manage halls and depots: what waits for them, their answers, and what is at risk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.bookings import commands, queries
from services.bookings.api.bookings import answer
from services.bookings.schemas.bookings import (
    ApprovalsSchema,
    BookingSchema,
    ConflictsQuerySchema,
    ConflictsSchema,
    DecisionRequestSchema,
)
from shared import clock
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER
from shared.web import database, expected_version, require_role, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("approvals", __name__, description="Approvals and conflicts")


@blueprint.get("/approvals")
@require_role(FACILITY_MANAGER, DEPOT_STAFF)
@blueprint.response(200, ApprovalsSchema)
def list_approvals() -> Any:
    """What waits for the caller's decision, the nearest need first."""
    with database().read() as current:
        return {"approvals": queries.approvals(current, signed_in_actor(), clock.now())}


@blueprint.post("/bookings/<uuid:booking_id>/decisions")
@transactional
@blueprint.arguments(DecisionRequestSchema)
@blueprint.response(200, BookingSchema)
def decide_booking(body: dict[str, Any], booking_id: UUID) -> Any:
    """Approve or refuse lines that wait; a refusal needs a reason."""
    commands.decide_booking(
        session(),
        signed_in_actor(),
        booking_id,
        expected_version(),
        body["decision"] == "approve",
        body["line_ids"],
        body["reason"],
        clock.now(),
    )
    return answer(booking_id)


@blueprint.get("/conflicts")
@require_role(DEPOT_STAFF)
@blueprint.arguments(ConflictsQuerySchema, location="query")
@blueprint.response(200, ConflictsSchema)
def list_conflicts(query: dict[str, Any]) -> Any:
    """Bookings that the stock no longer covers."""
    with database().read() as current:
        return {"conflicts": queries.conflicts(current, signed_in_actor(), query["depot_id"], clock.now())}
