"""Plan shifts: see them as rows, have changes checked, save them."""

from __future__ import annotations

from typing import Any

from services.volunteers.commands.planning.assess import Report, assess
from services.volunteers.commands.planning.save import Wish, save_plan
from services.volunteers.domain.rights import refuse_unless_planning
from services.volunteers.queries import plan
from services.volunteers.queries.plan import Window
from services.volunteers.schemas.plan import (
    CheckSchema,
    PlanQuerySchema,
    PlanReportSchema,
    PlanRowsSchema,
    SavedPlanSchema,
    SavePlanSchema,
    UnderstaffedListSchema,
    UnnotedListSchema,
)
from shared import clock
from shared.web import database, idempotent, session, signed_in_actor
from shared.web.blueprint import Blueprint

blueprint = Blueprint("plan", __name__, description="Plan shifts: rows, checked and saved as a whole")


@blueprint.get("/plan")
@blueprint.arguments(PlanQuerySchema, location="query")
@blueprint.response(200, PlanRowsSchema)
def get_plan(window: Window) -> Any:
    """The shifts that one plans, as rows."""
    with database().read() as current:
        return {"rows": plan.plan(current, signed_in_actor(), window)}


@blueprint.post("/plan/check")
@blueprint.arguments(CheckSchema)
@blueprint.response(200, PlanReportSchema)
def check_plan(body: dict[str, Any]) -> Report:
    """What would become of these rows? Nothing is written."""
    who = signed_in_actor()
    refuse_unless_planning(who)
    with database().read() as current:
        return assess(current, who, body["rows"], clock.now(), frozenset(body["release"]), series=body["series"])


@blueprint.post("/plan")
@idempotent
@blueprint.arguments(SavePlanSchema)
@blueprint.response(201, SavedPlanSchema)
def save(body: dict[str, Any]) -> Report:
    """Save all rows, or none and hear all reasons."""
    who = signed_in_actor()
    refuse_unless_planning(who)
    wish = Wish(body["rows"], frozenset(body["release"]), body["publish"], body["series"])
    return save_plan(session(), who, wish, clock.now())


@blueprint.get("/understaffed")
@blueprint.response(200, UnderstaffedListSchema)
def list_understaffed() -> Any:
    """Coming shifts with fewer people than they take."""
    with database().read() as current:
        return {"items": plan.understaffed(current, signed_in_actor(), clock.now())}


@blueprint.get("/unnoted")
@blueprint.response(200, UnnotedListSchema)
def list_unnoted() -> Any:
    """Shifts of the last 30 days that are over, and where it is not yet noted who came."""
    with database().read() as current:
        return {"items": plan.unnoted(current, signed_in_actor(), clock.now())}
