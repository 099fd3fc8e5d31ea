"""The tables that staff keep in a spreadsheet, as uploads."""

from __future__ import annotations

from services.inventory import commands
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER
from shared.imports import ImportReport
from shared.web import session, signed_in_actor
from shared.web.blueprint import Blueprint
from shared.web.uploads import import_route

blueprint = Blueprint("imports", __name__, description="Imports of materials and facilities")


@import_route(blueprint, "/imports/materials", DEPOT_STAFF)
def import_materials(content: bytes, dry_run: bool) -> ImportReport:
    """Import materiel.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return commands.import_materials(session(), content, dry_run=dry_run, actor=signed_in_actor())


@import_route(blueprint, "/imports/facilities", FACILITY_MANAGER)
def import_facilities(content: bytes, dry_run: bool) -> ImportReport:
    """Import faciliteter.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return commands.import_facilities(session(), content, dry_run=dry_run, actor=signed_in_actor())
