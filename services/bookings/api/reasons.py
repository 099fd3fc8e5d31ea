"""What people wrote, for our own services: events carry none of it, so it is asked for when it is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.bookings import queries
from services.bookings.schemas.reasons import GivenReasonsSchema
from shared.errors import not_found
from shared.web import database, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("reasons", __name__, description="Reasons given, for services")


@blueprint.get("/bookings/<uuid:booking_id>/reasons")
@blueprint.response(200, GivenReasonsSchema)
def get_reasons(booking_id: UUID) -> dict[str, Any]:
    """Why lines were refused and the booking was called off. People read that in the booking itself."""
    if not signed_in_actor().service:
        raise not_found("booking")
    with database().read() as current:
        return queries.reasons(current, booking_id)
