"""Rows made for the coordinator: series, copies, moves. Nothing is saved here; `POST /plan` saves."""

from __future__ import annotations

from typing import Any

from services.volunteers.queries import proposals
from services.volunteers.queries.plan import Window
from services.volunteers.schemas.plan import PlanRowsSchema
from services.volunteers.schemas.proposals import (
    CopiedRowsSchema,
    CopySchema,
    MoveSchema,
    SeriesPartSchema,
    SeriesRequestSchema,
    SeriesRowsSchema,
)
from shared import clock
from shared.web import database, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("proposals", __name__, description="Series, copies and moves as rows, before they are saved")


@blueprint.post("/plan/series")
@blueprint.arguments(SeriesRequestSchema)
@blueprint.response(200, SeriesRowsSchema)
def propose_series(body: dict[str, Any]) -> Any:
    """A row for each day, and the days that are skipped with the reason."""
    with database().read() as current:
        rows, skipped = proposals.series(current, signed_in_actor(), body["row"], body["series"], clock.now())
        return {"rows": rows, "skipped": skipped}


@blueprint.post("/plan/copy")
@blueprint.arguments(CopySchema)
@blueprint.response(200, CopiedRowsSchema)
def propose_copy(body: dict[str, Any]) -> proposals.Copies:
    """A day, a week or a festival once more, as drafts without people; what is there already, or nearly."""
    target = body.pop("target")
    with database().read() as current:
        return proposals.copies(current, signed_in_actor(), Window(**body), target)


@blueprint.post("/plan/move")
@blueprint.arguments(MoveSchema)
@blueprint.response(200, PlanRowsSchema)
def propose_move(body: dict[str, Any]) -> Any:
    """The shifts of one day on another day."""
    to = body.pop("to")
    with database().read() as current:
        window = Window(**body, last=body["first"])
        return {"rows": proposals.moves(current, signed_in_actor(), window, to)}


@blueprint.post("/plan/series-rows")
@blueprint.arguments(SeriesPartSchema)
@blueprint.response(200, PlanRowsSchema)
def propose_series_part(body: dict[str, Any]) -> Any:
    """One shift of a series, this and the following, or all, with the changes made."""
    changes = body["changes"]
    days = changes.pop("days", 0)
    with database().read() as current:
        rows = proposals.of_series(
            current, signed_in_actor(), body["shift_id"], body["scope"], changes, days, clock.now()
        )
        return {"rows": rows}
