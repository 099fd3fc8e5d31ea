"""How much there is, why it changed, and what is missing. For the depots' staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.inventory import commands
from services.inventory.models import Material
from services.inventory.queries import stock
from services.inventory.schemas.stock import (
    CorrectionRequestSchema,
    DepotQuerySchema,
    MovementsSchema,
    ShortagesSchema,
    StockItemSchema,
    StockQuerySchema,
    StockSchema,
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

blueprint = Blueprint("stock", __name__, description="The depots' stock, its ledger and the shortage reports")


@blueprint.get("/stock")
@require_role(DEPOT_STAFF)
@blueprint.arguments(StockQuerySchema, location="query")
@blueprint.response(200, StockSchema)
def list_stock(query: dict[str, Any]) -> dict[str, Any]:
    """The stock of one depot, or of all that the caller works at."""
    with database().read() as current:
        depots = stock.allowed_depots(signed_in_actor(), query["depot_id"])
        return {"items": stock.stock_items(current, depots, query["q"])}


@blueprint.get("/resources/<uuid:resource_id>/stock-movements")
@require_role(DEPOT_STAFF)
@blueprint.response(200, MovementsSchema)
def list_movements(resource_id: UUID) -> dict[str, Any]:
    """Every change of a material's total, the newest first."""
    with database().read() as current:
        return {"movements": stock.movements(current, resource_id, signed_in_actor())}


@blueprint.post("/resources/<uuid:resource_id>/stock-corrections")
@idempotent
@require_role(DEPOT_STAFF)
@blueprint.arguments(CorrectionRequestSchema)
@blueprint.response(201, StockItemSchema)
def correct_stock(body: dict[str, Any], resource_id: UUID) -> Material:
    """Correct a material's stock, with a cause and a reason."""
    material = commands.correct_stock(session(), signed_in_actor(), resource_id, expected_version(), body, clock.now())
    return with_etag(material, material.version)


@blueprint.get("/shortages")
@require_role(DEPOT_STAFF)
@blueprint.arguments(DepotQuerySchema, location="query")
@blueprint.response(200, ShortagesSchema)
def list_shortages(query: dict[str, Any]) -> dict[str, Any]:
    """What was found broken or missing at the desk, the newest first."""
    with database().read() as current:
        depots = stock.allowed_depots(signed_in_actor(), query["depot_id"])
        return {"shortages": stock.shortages(current, depots)}
