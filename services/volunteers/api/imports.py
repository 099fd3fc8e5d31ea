"""The tables that coordinators keep in a spreadsheet, as uploads; and one place at a time."""

from __future__ import annotations

from typing import Any

from services.volunteers.commands import IMPORTS, places
from services.volunteers.schemas.places import PlaceRequestSchema
from shared.actors import VOLUNTEER_COORDINATOR
from shared.imports import ImportReport
from shared.web import require_role, session, transactional
from shared.web.blueprint import Blueprint
from shared.web.uploads import import_route

blueprint = Blueprint("imports", __name__, description="Imports of shifts, places and school holidays")


@import_route(blueprint, "/imports/shifts", VOLUNTEER_COORDINATOR)
def import_shifts(content: bytes, dry_run: bool) -> ImportReport:
    """Import vagter.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return IMPORTS["shifts"](session(), content, dry_run=dry_run)


@import_route(blueprint, "/imports/places", VOLUNTEER_COORDINATOR)
def import_places(content: bytes, dry_run: bool) -> ImportReport:
    """Import steder.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return IMPORTS["places"](session(), content, dry_run=dry_run)


@import_route(blueprint, "/imports/school-holidays", VOLUNTEER_COORDINATOR)
def import_school_holidays(content: bytes, dry_run: bool) -> ImportReport:
    """Import skoleferier.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return IMPORTS["school-holidays"](session(), content, dry_run=dry_run)


@blueprint.post("/places")
@transactional
@require_role(VOLUNTEER_COORDINATOR)
@blueprint.arguments(PlaceRequestSchema)
@blueprint.response(201, PlaceRequestSchema)
def keep_place(body: dict[str, Any]) -> Any:
    """Name a place, or say anew where it is."""
    name, area = body["name"].strip(), body["area"].strip()
    return places.keep(session(), name, area, body["latitude"], body["longitude"])
