"""Calendars to follow: made and stopped here, and passed through from volunteers to calendar programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.session import sign_in_needed

blueprint = Blueprint("feeds", __name__, url_prefix="/kalender")

Json = dict[str, Any]

MADE = "calendar_made"  # in the session, until its address was seen
PASSED_ON = ("ETag", "Cache-Control", "Last-Modified", "Content-Type")


def name_of(feed: Json) -> str:
    """What it shows, for people."""
    if feed["kind"] == "person":
        return str(_("Mine vagter"))
    name = feed["name"]
    if feed["kind"] == "organiser":
        return str(_("Vagter hos %(name)s", name=_(name)))
    return str(_("Vagter i %(name)s", name=name))


def feeds_of_mine() -> list[Json]:
    return [{**feed, "name": name_of(feed)} for feed in api().volunteers.feeds()]


@blueprint.post("")
@sign_in_needed
def make() -> Any:
    body = {"kind": forms.text("kind"), "subject": forms.text("subject")}
    made = api().volunteers.make_feed(body)
    address = f"{current_app.extensions['kommunity_settings'].portal_url}/kalender/{made['token']}.ics"
    session[MADE] = {"address": address, "name": name_of(made)}
    return redirect("/kalender", 303)


@blueprint.get("")
@sign_in_needed
def show() -> Any:
    """The address is shown once and never again: only its hash is kept."""
    made = session.pop(MADE, None)
    return render_template("feeds/made.html", **made) if made else redirect("/mine-vagter#kalender")


@blueprint.post("/<uuid:feed_id>/stop")
@sign_in_needed
def stop(feed_id: UUID) -> Any:
    api().volunteers.revoke_feed(str(feed_id))
    flash(_("Kalenderen er lukket. Den gamle adresse virker ikke længere."), "success")
    return redirect("/mine-vagter#kalender", 303)


@blueprint.get("/<token>.ics")
def calendar(token: str) -> Response:
    """For calendar programs, which bring no log-in: what the service says, as it says it."""
    asked = {name: request.headers[name] for name in ("If-None-Match", "If-Modified-Since") if name in request.headers}
    try:
        given = api().volunteers.feed(token, asked)
    except Problem as problem:
        if problem.status != 404:
            raise
        return Response(_("Kalenderen findes ikke mere."), 404, mimetype="text/plain")
    headers = {name: given.headers[name] for name in PASSED_ON if name in given.headers}
    return Response(given.content, given.status_code, headers)
