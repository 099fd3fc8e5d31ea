"""The tables that staff keep in a spreadsheet, as uploads."""

from __future__ import annotations

from typing import Any

from flask import request

from services.inventory import commands
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER
from shared.web import require_role, session, signed_in_actor, transactional, uploads
from shared.web.blueprint import Blueprint

blueprint = Blueprint("imports", __name__, description="Imports of materials and facilities")


@blueprint.post("/imports/materials")
@uploads.upload
@transactional
@require_role(DEPOT_STAFF)
@blueprint.doc(requestBody=uploads.CSV_BODY)
@blueprint.arguments(uploads.ImportQuerySchema, location="query")
@blueprint.response(200, uploads.ImportReportSchema)
def import_materials(query: dict[str, bool]) -> dict[str, Any]:
    """Import materiel.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    report = commands.import_materials(session(), request.get_data(), dry_run=query["dry_run"], actor=signed_in_actor())
    return uploads.answer(report)


@blueprint.post("/imports/facilities")
@uploads.upload
@transactional
@require_role(FACILITY_MANAGER)
@blueprint.doc(requestBody=uploads.CSV_BODY)
@blueprint.arguments(uploads.ImportQuerySchema, location="query")
@blueprint.response(200, uploads.ImportReportSchema)
def import_facilities(query: dict[str, bool]) -> dict[str, Any]:
    """Import faciliteter.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    report = commands.import_facilities(
        session(), request.get_data(), dry_run=query["dry_run"], actor=signed_in_actor()
    )
    return uploads.answer(report)
