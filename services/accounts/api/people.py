"""One's own profile, and people as administrators and colleagues may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.accounts import commands, queries
from services.accounts.schemas import (
    IdsSchema,
    MeSchema,
    NamesSchema,
    PeoplePageSchema,
    PersonRequestSchema,
    PersonSchema,
    ProfileRequestSchema,
    SearchSchema,
)
from shared import clock
from shared.actors import ADMINISTRATOR
from shared.web import (
    database,
    expected_version,
    idempotent,
    require_role,
    session,
    signed_in_actor,
    transactional,
    with_etag,
)
from shared.web.blueprint import Blueprint

blueprint = Blueprint("people", __name__, description="People")


@blueprint.get("/me")
@blueprint.response(200, MeSchema)
def get_me() -> dict[str, Any]:
    """Who I am, and which roles I hold just now."""
    with database().read() as current:
        me = queries.me(current, signed_in_actor().person_id)
        return with_etag(me, me["version"])


@blueprint.patch("/me")
@transactional
@blueprint.arguments(ProfileRequestSchema)
@blueprint.response(200, MeSchema)
def change_me(body: dict[str, Any]) -> dict[str, Any]:
    """Change my name, phone or language."""
    person = commands.change_profile(session(), signed_in_actor(), body, expected_version())
    return with_etag(queries.me(session(), person.id), person.version)


@blueprint.post("/people")
@idempotent
@require_role(ADMINISTRATOR)
@blueprint.arguments(PersonRequestSchema)
@blueprint.response(201, PersonSchema)
def register_person(body: dict[str, Any]) -> Any:
    """Register a person."""
    added: UUID = commands.register_person(session(), signed_in_actor(), now=clock.now(), **body)
    person = queries.person(session(), added)
    return with_etag(person, person.version)


@blueprint.get("/people")
@require_role(ADMINISTRATOR)
@blueprint.arguments(SearchSchema, location="query")
@blueprint.response(200, PeoplePageSchema)
def list_people(query: dict[str, Any]) -> dict[str, Any]:
    """Search people by name and e-mail."""
    with database().read() as current:
        return queries.people(current, query["q"], query["page"], query["page_size"])


@blueprint.get("/people/names")
@blueprint.arguments(IdsSchema, location="query")
@blueprint.response(200, NamesSchema)
def get_names(query: dict[str, list[UUID]]) -> dict[str, Any]:
    """The names of people whom I may know; others are left out."""
    with database().read() as current:
        return {"names": queries.names(current, signed_in_actor(), query["ids"])}
