"""Ask, look, need less, call off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.bookings import commands, queries
from services.bookings.domain.wishes import Wish
from services.bookings.schemas.bookings import (
    AssessmentSchema,
    BookingRequestSchema,
    BookingSchema,
    BookingsQuerySchema,
    BookingSummarySchema,
    CancelRequestSchema,
    LineAnswerSchema,
    ReduceRequestSchema,
)
from shared import clock
from shared.actors import DEPOT_STAFF
from shared.errors import forbidden
from shared.web import (
    database,
    expected_version,
    idempotent,
    public,
    session,
    signed_in_actor,
    transactional,
    with_etag,
)
from shared.web.blueprint import Blueprint
from shared.web.paging import page_of

blueprint = Blueprint("bookings", __name__, description="Bookings: ask, look, need less, call off")


def answer(booking_id: UUID) -> Any:
    """The booking as it is now in this request's transaction, with its version as ETag."""
    shown = queries.booking(session(), signed_in_actor(), booking_id, clock.now())
    return with_etag(shown, shown["version"])


@blueprint.post("/bookings/check")
@public
@blueprint.arguments(BookingRequestSchema)
@blueprint.response(200, AssessmentSchema)
def check_booking(wish: Wish) -> Any:
    """What would become of this request? Nothing is written."""
    with database().read() as current:
        return commands.assess(current, wish, clock.now())


@blueprint.post("/bookings")
@idempotent
@blueprint.arguments(BookingRequestSchema)
@blueprint.response(201, BookingSchema)
def request_booking(wish: Wish) -> Any:
    """Book all lines, or hear all reasons why not."""
    try:
        booking = commands.request_booking(session(), signed_in_actor(), wish, clock.now())
    except commands.RequestRefused as refused:
        refused.extra = {"lines": LineAnswerSchema(many=True).dump(refused.assessment.lines)}
        raise
    return answer(booking.id)


@blueprint.get("/bookings")
@blueprint.arguments(BookingsQuerySchema, location="query")
@blueprint.response(200, page_of(BookingSummarySchema))
def list_bookings(query: dict[str, Any]) -> Any:
    """Mine and my associations', or (view=depot) those of my depots."""
    who, view = signed_in_actor(), query.pop("view")
    if view == "depot" and not who.has_role(DEPOT_STAFF) and not who.scopes(DEPOT_STAFF):
        raise forbidden()
    find = queries.depot_bookings if view == "depot" else queries.bookings_of
    with database().read() as current:
        return find(current, who, clock.now(), **query)


@blueprint.get("/bookings/<uuid:booking_id>")
@blueprint.response(200, BookingSchema)
def get_booking(booking_id: UUID) -> Any:
    """One booking in full, for its borrowers and those who manage what is in it."""
    with database().read() as current:
        shown = queries.booking(current, signed_in_actor(), booking_id, clock.now())
        return with_etag(shown, shown["version"])


@blueprint.post("/bookings/<uuid:booking_id>/cancel")
@transactional
@blueprint.arguments(CancelRequestSchema)
@blueprint.response(200, BookingSchema)
def cancel_booking(body: dict[str, Any], booking_id: UUID) -> Any:
    """Call it off, as long as nothing was handed out."""
    commands.cancel_booking(session(), signed_in_actor(), booking_id, expected_version(), body["reason"], clock.now())
    return answer(booking_id)


@blueprint.patch("/bookings/<uuid:booking_id>/lines/<uuid:line_id>")
@transactional
@blueprint.arguments(ReduceRequestSchema)
@blueprint.response(200, BookingSchema)
def reduce_line(body: dict[str, Any], booking_id: UUID, line_id: UUID) -> Any:
    """Need fewer; 0 drops the line."""
    commands.reduce_line(
        session(), signed_in_actor(), booking_id, line_id, expected_version(), body["quantity"], clock.now()
    )
    return answer(booking_id)
