"""The desk: hand out and take back, in three steps – count, confirm together with the borrower, receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.counter import HAND_OUT, STEPS, TAKE_BACK, Sheet
from services.portal.forms import Errors
from services.portal.staff import names_of, staff_only
from shared.actors import DEPOT_STAFF

blueprint = Blueprint("handovers", __name__, url_prefix="/depot/udleveringer/<uuid:handover_id>")

Json = dict[str, Any]

STALE = 412
TO_CORRECT = (400, 409, 422)


@blueprint.get("")
@staff_only(DEPOT_STAFF)
def show(handover_id: UUID) -> Any:
    handover = _handover(handover_id)
    step = request.args.get("trin")
    return _form(handover, Sheet.blank(handover, step if step in STEPS else _next_step(handover)))


@blueprint.post(f"/<any('{HAND_OUT}', '{TAKE_BACK}'):step>")
@staff_only(DEPOT_STAFF)
def act(handover_id: UUID, step: str) -> Any:
    handover = _handover(handover_id)
    sheet = Sheet.typed(handover, step, request.form)
    wish = request.form.get("do", "check")
    if wish == "confirm":
        return _send(handover, sheet)
    if sheet.version != handover["version"]:
        return _changed(handover, sheet)
    errors = sheet.errors()
    if wish == "edit" or errors:
        return _form(handover, sheet, errors if wish != "edit" else None)
    return render_template("depot/confirm.html", handover=handover, sheet=sheet, key=uuid4(), **_people(handover))


@blueprint.get("/kvittering/<uuid:step_id>")
@staff_only(DEPOT_STAFF)
def receipt(handover_id: UUID, step_id: UUID) -> Any:
    handover = _handover(handover_id)
    done = next((step for step in handover["steps"] if step["id"] == str(step_id)), None)
    if done is None:
        abort(404)
    return render_template("depot/receipt.html", handover=handover, done=done, **_people(handover))


@blueprint.get("/plukliste")
@staff_only(DEPOT_STAFF)
def pick_list(handover_id: UUID) -> Any:
    handover = _handover(handover_id)
    return render_template("depot/pick_list.html", handover=handover, **_people(handover))


def _handover(handover_id: UUID) -> Json:
    return api().inventory.handover(str(handover_id))


def _next_step(handover: Json) -> str:
    return HAND_OUT if handover["state"] in ("planned", "partly_out") else TAKE_BACK


def _send(handover: Json, sheet: Sheet) -> Any:
    """The key was made with the page that asked to confirm: a second tap gets the first one's answer."""
    inventory = api().inventory
    send = inventory.hand_out if sheet.step == HAND_OUT else inventory.take_back
    try:
        answer = send(handover["id"], sheet.body(), key=forms.key(), version=sheet.version)
    except Problem as problem:
        if problem.status == STALE:
            return _changed(_handover(UUID(handover["id"])), sheet)
        if problem.status not in (*TO_CORRECT, 503):
            raise
        return _form(handover, sheet, sheet.errors_of(problem), status=problem.status)
    return redirect(url_for(".receipt", handover_id=handover["id"], step_id=answer["steps"][-1]["id"]), 303)


def _changed(handover: Json, typed: Sheet) -> Any:
    """Somebody else was faster: say what happened, keep what was typed, and go on from the new state."""
    sheet = Sheet.typed(handover, typed.step, request.form)
    sheet.version, sheet.seen = handover["version"], len(handover["steps"])
    errors = Errors()
    errors.add("sheet", _("Nogen har ændret udleveringen imens. Tjek tallene, og prøv igen."))
    return _form(handover, sheet, errors, status=STALE, meanwhile=handover["steps"][typed.seen :])


def _form(handover: Json, sheet: Sheet, errors: Errors | None = None, status: int = 200, **more: Any) -> Any:
    page = render_template(
        "depot/handover.html", handover=handover, sheet=sheet, errors=errors or Errors(), **_people(handover), **more
    )
    return page, status


def _people(handover: Json) -> Json:
    who = {handover["person_id"], *(step["staff_id"] for step in handover["steps"])}
    return {"names": names_of(who)}
