"""Associations, their members, and their import."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.accounts import commands, queries
from services.accounts.schemas import (
    AssociationSchema,
    AssociationsPageSchema,
    MembershipRequestSchema,
    MembershipSchema,
    MembershipsSchema,
    SearchSchema,
)
from shared import clock
from shared.actors import ADMINISTRATOR
from shared.imports import ImportReport
from shared.web import database, idempotent, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint
from shared.web.uploads import import_route

blueprint = Blueprint("associations", __name__, description="Associations and their members")


@blueprint.get("/associations")
@blueprint.arguments(SearchSchema, location="query")
@blueprint.response(200, AssociationsPageSchema)
def list_associations(query: dict[str, Any]) -> dict[str, Any]:
    """Search associations by name and town. Members and administrators see all fields, others name and town."""
    with database().read() as current:
        return queries.associations(current, signed_in_actor(), query["q"], query["page"], query["page_size"])


@blueprint.get("/associations/<uuid:association_id>")
@blueprint.response(200, AssociationSchema)
def get_association(association_id: UUID) -> dict[str, Any]:
    """One association; all fields for members and administrators."""
    with database().read() as current:
        return queries.association(current, signed_in_actor(), association_id)


@blueprint.get("/associations/<uuid:association_id>/memberships")
@blueprint.response(200, MembershipsSchema)
def list_memberships(association_id: UUID) -> dict[str, Any]:
    """Who holds which role; for members and administrators."""
    with database().read() as current:
        return {"memberships": queries.memberships(current, signed_in_actor(), association_id)}


@blueprint.post("/associations/<uuid:association_id>/memberships")
@idempotent
@blueprint.arguments(MembershipRequestSchema)
@blueprint.response(201, MembershipSchema)
def grant_membership(body: dict[str, str], association_id: UUID) -> dict[str, Any]:
    """Give a person a role; for chairs and administrators."""
    added = commands.grant_membership(session(), signed_in_actor(), association_id, now=clock.now(), **body)
    return queries.membership(session(), added)


@blueprint.delete("/associations/<uuid:association_id>/memberships/<uuid:membership_id>")
@transactional
@blueprint.response(204)
def end_membership(association_id: UUID, membership_id: UUID) -> None:
    """End a role; for chairs and administrators."""
    commands.end_membership(session(), signed_in_actor(), association_id, membership_id)


@import_route(blueprint, "/imports/associations", ADMINISTRATOR)
def import_associations(content: bytes, dry_run: bool) -> ImportReport:
    """Import foreninger.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return commands.import_associations(session(), content, dry_run=dry_run)
