"""Associations and their import."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.accounts import commands, queries
from services.accounts.schemas import (
    AssociationSchema,
    AssociationsPageSchema,
    SearchSchema,
)
from shared.actors import ADMINISTRATOR
from shared.imports import ImportReport
from shared.web import database, session, signed_in_actor
from shared.web.blueprint import Blueprint
from shared.web.uploads import import_route

blueprint = Blueprint("associations", __name__, description="Associations")


@blueprint.get("/associations")
@blueprint.arguments(SearchSchema, location="query")
@blueprint.response(200, AssociationsPageSchema)
def list_associations(query: dict[str, Any]) -> dict[str, Any]:
    """Search by name and town. Who acts for an association, and administrators, see all fields of it."""
    with database().read() as current:
        return queries.associations(current, signed_in_actor(), query["q"], query["page"], query["page_size"])


@blueprint.get("/associations/<uuid:association_id>")
@blueprint.response(200, AssociationSchema)
def get_association(association_id: UUID) -> dict[str, Any]:
    """One association; all fields for who acts for it and administrators."""
    with database().read() as current:
        return queries.association(current, signed_in_actor(), association_id)


@import_route(blueprint, "/imports/associations", ADMINISTRATOR)
def import_associations(content: bytes, dry_run: bool) -> ImportReport:
    """Import foreninger.csv. The same file twice changes nothing, so no Idempotency-Key is needed."""
    return commands.import_associations(session(), content, dry_run=dry_run)
