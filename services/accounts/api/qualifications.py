"""Courses, licences, languages and declarations: one's own, and anybody's for coordinators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.accounts import commands, queries
from services.accounts.schemas import QualificationRequestSchema, QualificationsSchema
from shared.web import database, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("qualifications", __name__, description="What people have proof of")


@blueprint.get("/me/qualifications")
@blueprint.response(200, QualificationsSchema)
def list_own() -> dict[str, Any]:
    """What I have declared, and what there is to declare."""
    return _list(signed_in_actor().person_id)


@blueprint.post("/me/qualifications")
@transactional
@blueprint.arguments(QualificationRequestSchema)
@blueprint.response(200, QualificationsSchema)
def declare_own(body: dict[str, Any]) -> dict[str, Any]:
    """Declare that I have a proof, or that it was renewed. The same twice changes nothing."""
    return _declare(signed_in_actor().person_id, body)


@blueprint.delete("/me/qualifications/<qualification>")
@transactional
@blueprint.response(204)
def end_own(qualification: str) -> None:
    """Take a declaration back."""
    commands.end_qualification(session(), signed_in_actor(), signed_in_actor().person_id, qualification)


@blueprint.get("/people/<uuid:person_id>/qualifications")
@blueprint.response(200, QualificationsSchema)
def list_of_person(person_id: UUID) -> dict[str, Any]:
    """What a person has declared; for herself and coordinators."""
    return _list(person_id)


@blueprint.post("/people/<uuid:person_id>/qualifications")
@transactional
@blueprint.arguments(QualificationRequestSchema)
@blueprint.response(200, QualificationsSchema)
def declare_for_person(body: dict[str, Any], person_id: UUID) -> dict[str, Any]:
    """Declare for a person that she has a proof; for coordinators, whose id is kept with it."""
    return _declare(person_id, body)


@blueprint.delete("/people/<uuid:person_id>/qualifications/<qualification>")
@transactional
@blueprint.response(204)
def end_for_person(person_id: UUID, qualification: str) -> None:
    """Take a person's declaration back; for coordinators."""
    commands.end_qualification(session(), signed_in_actor(), person_id, qualification)


def _list(person_id: UUID) -> dict[str, Any]:
    with database().read() as current:
        return queries.qualifications(current, signed_in_actor(), person_id)


def _declare(person_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    commands.declare_qualification(session(), signed_in_actor(), person_id, **body)
    session().flush()
    return queries.qualifications(session(), signed_in_actor(), person_id)
