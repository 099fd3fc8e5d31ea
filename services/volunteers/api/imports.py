"""The tables that coordinators keep in a spreadsheet, as uploads; and one place at a time."""

from __future__ import annotations

from typing import Any

from flask import request

from services.volunteers.commands import IMPORTS, places
from services.volunteers.schemas.places import PlaceRequestSchema
from shared.actors import VOLUNTEER_COORDINATOR
from shared.web import require_role, session, transactional, uploads
from shared.web.blueprint import Blueprint

blueprint = Blueprint("imports", __name__, description="Imports of shifts, places and school holidays")


@blueprint.post("/imports/shifts")
@uploads.upload
@transactional
@require_role(VOLUNTEER_COORDINATOR)
@blueprint.doc(requestBody=uploads.CSV_BODY)
@blueprint.arguments(uploads.ImportQuerySchema, location="query")
@blueprint.response(200, uploads.ImportReportSchema)
def import_shifts(query: dict[str, bool]) -> dict[str, Any]:
    """Import vagter.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return _taken_in("shifts", query["dry_run"])


@blueprint.post("/imports/places")
@uploads.upload
@transactional
@require_role(VOLUNTEER_COORDINATOR)
@blueprint.doc(requestBody=uploads.CSV_BODY)
@blueprint.arguments(uploads.ImportQuerySchema, location="query")
@blueprint.response(200, uploads.ImportReportSchema)
def import_places(query: dict[str, bool]) -> dict[str, Any]:
    """Import steder.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return _taken_in("places", query["dry_run"])


@blueprint.post("/imports/school-holidays")
@uploads.upload
@transactional
@require_role(VOLUNTEER_COORDINATOR)
@blueprint.doc(requestBody=uploads.CSV_BODY)
@blueprint.arguments(uploads.ImportQuerySchema, location="query")
@blueprint.response(200, uploads.ImportReportSchema)
def import_school_holidays(query: dict[str, bool]) -> dict[str, Any]:
    """Import skoleferier.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return _taken_in("school-holidays", query["dry_run"])


def _taken_in(kind: str, dry_run: bool) -> dict[str, Any]:
    return uploads.answer(IMPORTS[kind](session(), request.get_data(), dry_run=dry_run))


@blueprint.post("/places")
@transactional
@require_role(VOLUNTEER_COORDINATOR)
@blueprint.arguments(PlaceRequestSchema)
@blueprint.response(201, PlaceRequestSchema)
def keep_place(body: dict[str, Any]) -> Any:
    """Name a place, or say anew where it is."""
    name, area = body["name"].strip(), body["area"].strip()
    return places.keep(session(), name, area, body["latitude"], body["longitude"])
