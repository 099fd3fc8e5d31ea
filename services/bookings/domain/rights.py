"""Who may do what with a booking."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.bookings.domain.states import FACILITY
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER, Actor


def owns(actor: Actor, person_id: UUID, association_id: UUID | None) -> bool:
    """Whoever made it, and whoever may act for the association that it was made for."""
    return not actor.service and (actor.person_id == person_id or actor.may_act_for(association_id))


def manages(actor: Actor, kind: str, depot_id: UUID | None, facility_ids: Iterable[UUID]) -> bool:
    """The manager of the facility or of the hall that it belongs to; the staff of the depot."""
    if kind == FACILITY:
        return any(actor.has_role(FACILITY_MANAGER, facility_id) for facility_id in facility_ids)
    return depot_id is not None and actor.has_role(DEPOT_STAFF, depot_id)
