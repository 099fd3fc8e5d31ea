"""Finding a shift: open to everybody; who is signed in also sees what speaks against her."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.volunteers.queries import shifts
from services.volunteers.schemas.shifts import PlacesSchema, ShiftPageSchema, ShiftSchema, ShiftsQuerySchema
from shared import clock
from shared.web import actor, database, public, with_etag
from shared.web.blueprint import Blueprint

blueprint = Blueprint("shifts", __name__, description="Shifts that one can take")


@blueprint.get("/shifts")
@public
@blueprint.arguments(ShiftsQuerySchema, location="query")
@blueprint.response(200, ShiftPageSchema)
def list_shifts(query: dict[str, Any]) -> Any:
    """Coming shifts, with all reasons why the reader may not take them."""
    with database().read() as session:
        return shifts.browse(session, actor(), shifts.Search(**query), clock.now())


@blueprint.get("/shifts/<uuid:shift_id>")
@public
@blueprint.response(200, ShiftSchema)
def get_shift(shift_id: UUID) -> Any:
    """One shift in full; a draft only for those who plan it."""
    with database().read() as session:
        shown = shifts.shift(session, actor(), shift_id, clock.now())
        return with_etag(shown, shown["version"])


@blueprint.get("/places")
@public
@blueprint.response(200, PlacesSchema)
def list_places() -> Any:
    """Where work is done, and in which areas."""
    with database().read() as session:
        return shifts.places(session)
