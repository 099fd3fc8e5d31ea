"""Calendars to subscribe to, under addresses that nobody can guess and that can be revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from flask_babel import force_locale

from services.volunteers.calendars import as_event, title
from services.volunteers.commands.feeds import make_feed, revoke_feed
from services.volunteers.queries.feeds import entries, feed_of, feeds_of, name_of
from services.volunteers.schemas.feeds import FeedRequestSchema, FeedsSchema, NewFeedSchema
from shared import calendars, clock
from shared.web import database, public, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint
from shared.web.i18n import preferred_language

blueprint = Blueprint("feeds", __name__, description="Calendars to subscribe to")


@blueprint.post("/feeds")
@transactional
@blueprint.arguments(FeedRequestSchema)
@blueprint.response(201, NewFeedSchema)
def create_feed(body: dict[str, Any]) -> Any:
    """A new address; its token is told this once. Not idempotent: a kept answer would keep the token as well."""
    now = clock.now()
    feed, token = make_feed(session(), signed_in_actor(), body["kind"], body["subject"], preferred_language(), now)
    return {
        "id": feed.id,
        "kind": feed.kind,
        "subject": feed.subject,
        "name": name_of(session(), feed),
        "made_at": now,
        "token": token,
    }


@blueprint.get("/feeds")
@blueprint.response(200, FeedsSchema)
def list_feeds() -> Any:
    """My calendars, without their addresses."""
    with database().read() as current:
        return {"items": feeds_of(current, signed_in_actor())}


@blueprint.delete("/feeds/<uuid:feed_id>")
@transactional
@blueprint.response(204)
def delete_feed(feed_id: UUID) -> None:
    """Its address shows nothing any more."""
    revoke_feed(session(), signed_in_actor(), feed_id, clock.now())


@blueprint.get("/feeds/<token>.ics")
@public
@blueprint.doc(responses={200: {"description": "The calendar", "content": {"text/calendar": {}}}})
def read_feed(token: str) -> Response:
    """The calendar, for whoever has its address. 404 once it is revoked."""
    with database().read() as current:
        feed = feed_of(current, token)
        found, name = entries(current, feed, clock.now()), name_of(current, feed)
    with force_locale(feed.language):
        portal = current_app.extensions["kommunity_settings"].portal_url
        body = calendars.feed("Vagter", title(feed.kind, name), [as_event(entry, portal) for entry in found])
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.cache_control.private = True
    response.cache_control.no_cache = True  # ask each time, with the ETag
    response.add_etag()
    response.make_conditional(request)
    return response
