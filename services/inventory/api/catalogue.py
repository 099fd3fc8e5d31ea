"""What exists: depots, materials and facilities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.inventory import commands
from services.inventory.models import Depot
from services.inventory.queries import catalogue
from services.inventory.schemas.catalogue import (
    DepotChangeSchema,
    DepotSchema,
    DepotsSchema,
    ResourceChangeSchema,
    ResourceSchema,
)
from shared.web import (
    actor,
    database,
    expected_version,
    public,
    session,
    signed_in_actor,
    transactional,
    with_etag,
)
from shared.web.blueprint import Blueprint

blueprint = Blueprint("catalogue", __name__, description="Depots, materials and facilities")


@blueprint.get("/depots")
@public
@blueprint.response(200, DepotsSchema)
def list_depots() -> dict[str, Any]:
    """All depots with their opening hours."""
    with database().read() as current:
        return {"depots": catalogue.depots(current)}


@blueprint.patch("/depots/<uuid:depot_id>")
@transactional
@blueprint.arguments(DepotChangeSchema)
@blueprint.response(200, DepotSchema)
def change_depot(body: dict[str, Any], depot_id: UUID) -> Depot:
    """Change a depot's opening hours or its own closing days. For its staff."""
    depot = commands.change_depot(session(), signed_in_actor(), depot_id, expected_version(), body)
    return with_etag(depot, depot.version)


@blueprint.get("/resources/<uuid:resource_id>")
@public
@blueprint.response(200, ResourceSchema)
def get_resource(resource_id: UUID) -> dict[str, Any]:
    """One material or facility in full."""
    with database().read() as current:
        found = catalogue.resource(current, resource_id, actor())
        return with_etag(found, found["version"])


@blueprint.patch("/resources/<uuid:resource_id>")
@transactional
@blueprint.arguments(ResourceChangeSchema)
@blueprint.response(200, ResourceSchema)
def change_resource(body: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Describe it, or take it out of lending. For the depot's staff, or the facility's manager."""
    commands.change_resource(session(), signed_in_actor(), resource_id, expected_version(), body)
    found = catalogue.resource(session(), resource_id, signed_in_actor())
    return with_etag(found, found["version"])
