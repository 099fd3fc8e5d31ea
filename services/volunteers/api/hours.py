"""Hours: mine, those that wait for a yes, the export and the certificate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.volunteers.api.crew import with_names
from services.volunteers.commands import hours as commands
from services.volunteers.queries import hours as queries
from services.volunteers.schemas.hours import (
    CertificateSchema,
    ConfirmedSchema,
    ConfirmRequestSchema,
    ExportQuerySchema,
    ExportSchema,
    HoursQuerySchema,
    HoursRowSchema,
    HoursSchema,
    PeriodQuerySchema,
    QuestionRequestSchema,
    ReportRequestSchema,
)
from shared import clock
from shared.web import database, expected_version, session, signed_in_actor, transactional, with_etag
from shared.web.blueprint import Blueprint

Row = dict[str, Any]

blueprint = Blueprint("hours", __name__, description="Hours that were given")


@blueprint.get("/hours")
@blueprint.arguments(HoursQuerySchema, location="query")
@blueprint.response(200, HoursSchema)
def list_hours(query: Row) -> Any:
    """Mine; or, for those who plan the shifts, what waits for a yes (view=to_confirm) or all."""
    actor, month = signed_in_actor(), query["month"]
    if query["view"] == "mine":
        with database().read() as current:
            return queries.mine(current, actor.person_id, month, clock.now())
    only_open = query["view"] == "to_confirm"
    with database().read() as current:
        found = queries.of_others(current, actor, only_open, month, query["organiser_id"])
    with_names(found["items"], "person_id")
    return found


@blueprint.post("/hours/<uuid:seat_id>/report")
@transactional
@blueprint.arguments(ReportRequestSchema)
@blueprint.response(200, HoursRowSchema)
def report_hours(body: Row, seat_id: UUID) -> Any:
    """One's own; also (version 0) where nobody noted that one came."""
    version = expected_version()
    commands.report(session(), signed_in_actor(), seat_id, version, body["minutes"], body["note"], clock.now())
    return _answer(seat_id)


@blueprint.post("/hours/confirm")
@transactional
@blueprint.arguments(ConfirmRequestSchema)
@blueprint.response(200, ConfirmedSchema)
def confirm_hours(body: Row) -> Any:
    """All of these, or none and all reasons why not."""
    actor = signed_in_actor()
    return {"confirmed": commands.confirm(session(), actor, body["seat_ids"], body["versions"], clock.now())}


@blueprint.post("/hours/<uuid:seat_id>/question")
@transactional
@blueprint.arguments(QuestionRequestSchema)
@blueprint.response(200, HoursRowSchema)
def question_hours(body: Row, seat_id: UUID) -> Any:
    """Ask the volunteer about them; they wait for her answer."""
    commands.question(session(), signed_in_actor(), seat_id, expected_version(), body["text"], clock.now())
    return _answer(seat_id)


@blueprint.get("/hours/export")
@blueprint.arguments(ExportQuerySchema, location="query")
@blueprint.response(200, ExportSchema)
def export_hours(query: Row) -> Any:
    """A month's confirmed hours per person, area and organiser, for those who plan the shifts."""
    with database().read() as current:
        rows = queries.export(current, signed_in_actor(), query["month"])
    return {"rows": with_names(rows, "person_id")}


@blueprint.get("/hours/certificate")
@blueprint.arguments(PeriodQuerySchema, location="query")
@blueprint.response(200, CertificateSchema)
def get_certificate(query: Row) -> Any:
    """What the caller gave, confirmed."""
    with database().read() as current:
        found = queries.certificate(current, signed_in_actor().person_id, query["first"], query["last"])
    with_names([found], "person_id")
    return found


def _answer(seat_id: UUID) -> Any:
    session().flush()
    shown = queries.one(session(), seat_id)
    return with_etag(shown, shown["version"])
