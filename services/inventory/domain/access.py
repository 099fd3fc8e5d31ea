"""Who may see a handover: the depot's staff, the borrower, and who acts for the association that she borrowed for."""

from __future__ import annotations

from uuid import UUID

from shared.actors import DEPOT_STAFF, FACILITY_MANAGER, Actor


def may_see_handover(actor: Actor, depot_id: UUID, person_id: UUID, association_id: UUID | None) -> bool:
    is_borrower = actor.person_id == person_id or actor.may_act_for(association_id)
    return is_borrower or actor.has_role(DEPOT_STAFF, depot_id)


def may_manage_facility(actor: Actor, facility_id: UUID, parent_id: UUID | None) -> bool:
    """Whoever manages a hall manages its parts."""
    return actor.has_role(FACILITY_MANAGER, facility_id) or (
        parent_id is not None and actor.has_role(FACILITY_MANAGER, parent_id)
    )
