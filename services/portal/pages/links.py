"""Links in mails: they work without a log-in. Looking changes nothing; one big button does."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api

blueprint = Blueprint("links", __name__)

Json = dict[str, Any]

ANSWERS = {"offer": ("accept", "decline"), "cancel": ("cancel",), "stop-asking": ("stop",)}


@blueprint.get("/tilbud/<token>")
@blueprint.get("/afbud/<token>")
@blueprint.get("/nej-tak/<token>")
def look(token: str) -> Any:
    try:
        return render_template("links/look.html", link=api().volunteers.look_at_link(token))
    except Problem as problem:
        return _no(problem)


@blueprint.post("/tilbud/<token>")
@blueprint.post("/afbud/<token>")
@blueprint.post("/nej-tak/<token>")
def use(token: str) -> Any:
    said = request.form.get("do", "")
    try:
        link = api().volunteers.use_link(token, said, forms.text("reason"))
        return render_template("links/done.html", link=link, said=said)
    except Problem as problem:
        if problem.status == 409 and not (link := api().volunteers.look_at_link(token))["usable"]:
            return render_template("links/look.html", link=link), 409
        return _no(problem)


def _no(problem: Problem) -> Any:
    """What speaks against it, and where it goes on."""
    if problem.status not in (400, 404, 409, 410, 422):
        raise problem
    return render_template("links/no.html", reasons=problem.reasons), problem.status
