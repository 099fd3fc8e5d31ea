"""What there is and when it is free: open to everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.bookings import queries
from services.bookings.queries.search import Search
from services.bookings.schemas.catalogue import (
    CalendarQuerySchema,
    CalendarSchema,
    FullResourceSchema,
    ResourcePageSchema,
    SearchSchema,
    SlotsQuerySchema,
    SlotsSchema,
)
from shared import clock
from shared.web import database, public
from shared.web.blueprint import Blueprint

blueprint = Blueprint("catalogue", __name__, description="What there is and when it is free")


@blueprint.get("/resources")
@public
@blueprint.arguments(SearchSchema, location="query")
@blueprint.response(200, ResourcePageSchema)
def search_resources(query: dict[str, Any]) -> Any:
    """Find materials and facilities; with days also how much is free."""
    with database().read() as session:
        return queries.search(session, Search(**query), clock.now())


@blueprint.get("/resources/<uuid:resource_id>")
@public
@blueprint.response(200, FullResourceSchema)
def get_resource(resource_id: UUID) -> Any:
    """One material or facility with its rules."""
    with database().read() as session:
        return queries.resource(session, resource_id)


@blueprint.get("/resources/<uuid:resource_id>/calendar")
@public
@blueprint.arguments(CalendarQuerySchema, location="query")
@blueprint.response(200, CalendarSchema)
def get_calendar(query: dict[str, Any], resource_id: UUID) -> Any:
    """A month, day by day."""
    with database().read() as session:
        return queries.calendar(session, resource_id, query["month"], clock.now())


@blueprint.get("/slots")
@public
@blueprint.arguments(SlotsQuerySchema, location="query")
@blueprint.response(200, SlotsSchema)
def get_slots(query: dict[str, Any]) -> Any:
    """When to fetch and bring back what is needed on these days."""
    with database().read() as session:
        return queries.slots(session, query["first"], query["last"], query["depot_ids"])
