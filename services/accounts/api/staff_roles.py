"""Staff roles, for administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.accounts import commands, queries
from services.accounts.schemas import StaffRoleRequestSchema, StaffRoleSchema, StaffRolesSchema
from shared import clock
from shared.actors import ADMINISTRATOR
from shared.web import database, idempotent, require_role, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("staff_roles", __name__, description="Staff roles")


@blueprint.get("/staff-roles")
@require_role(ADMINISTRATOR)
@blueprint.response(200, StaffRolesSchema)
def list_staff_roles() -> dict[str, Any]:
    """Who holds which staff role, and for what."""
    with database().read() as current:
        return {"staff_roles": queries.staff_roles(current)}


@blueprint.post("/staff-roles")
@idempotent
@require_role(ADMINISTRATOR)
@blueprint.arguments(StaffRoleRequestSchema)
@blueprint.response(201, StaffRoleSchema)
def grant_staff_role(body: dict[str, Any]) -> dict[str, Any]:
    """Give a person a staff role for a depot, a facility or the municipality."""
    added = commands.grant_staff_role(session(), signed_in_actor(), now=clock.now(), **body)
    return queries.staff_role(session(), added)


@blueprint.delete("/staff-roles/<uuid:held_id>")
@transactional
@require_role(ADMINISTRATOR)
@blueprint.response(204)
def revoke_staff_role(held_id: UUID) -> None:
    """Take a staff role back."""
    commands.revoke_staff_role(session(), signed_in_actor(), held_id)
