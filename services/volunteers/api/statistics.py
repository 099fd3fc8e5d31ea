"""Figures for those who plan: how full, who stayed away, who is new, how many hours."""

from __future__ import annotations

from typing import Any

from services.volunteers.queries.statistics import statistics
from services.volunteers.schemas.hours import PeriodQuerySchema, StatisticsSchema
from shared import clock
from shared.web import database, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("statistics", __name__, description="Figures")


@blueprint.get("/statistics")
@blueprint.arguments(PeriodQuerySchema, location="query")
@blueprint.response(200, StatisticsSchema)
def get_statistics(query: dict[str, Any]) -> Any:
    """By month and by area, of the shifts that the caller plans."""
    with database().read() as session:
        return statistics(session, signed_in_actor(), query["first"], query["last"], clock.now())
