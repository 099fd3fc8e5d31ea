"""Shifts to start from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.volunteers.commands import templates as commands
from services.volunteers.queries import templates as queries
from services.volunteers.schemas.plan import DraftRowSchema
from services.volunteers.schemas.templates import TemplateRequestSchema, TemplateSchema, TemplatesSchema
from shared.web import database, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("templates", __name__, description="Shifts to start from")


@blueprint.get("/templates")
@blueprint.response(200, TemplatesSchema)
def list_templates() -> Any:
    with database().read() as current:
        return {"items": queries.templates(current, signed_in_actor())}


@blueprint.post("/templates")
@transactional
@blueprint.arguments(TemplateRequestSchema)
@blueprint.response(201, TemplateSchema)
def keep_template(body: dict[str, Any]) -> Any:
    """Keep a row to start from. The same name of the same organiser is replaced."""
    row = body["row"]
    content: dict[str, Any] = DraftRowSchema().dump(row)
    return commands.keep(session(), signed_in_actor(), body["name"].strip(), row.organiser_id, content)


@blueprint.delete("/templates/<uuid:template_id>")
@transactional
@blueprint.response(204)
def drop_template(template_id: UUID) -> None:
    commands.drop(session(), signed_in_actor(), template_id)
