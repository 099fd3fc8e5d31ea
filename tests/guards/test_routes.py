"""Nobody gets in without a token, but where we said so; what creates can be repeated without harm."""

from __future__ import annotations

from uuid import UUID

import pytest
from werkzeug.routing import Rule

from tests.guards.house import PORTAL, SERVICES, app_of, routes_of
from tests.support.client import Caller

OF_EVERY_SERVICE = {"GET /healthz", "GET /readyz", "GET /metrics", "GET /docs", "GET /openapi.json", "GET /events"}

# Reviewed: each of these shows or does what anybody may see or do.
PUBLIC = {
    "accounts": {
        "POST /session",
        "POST /session/refresh",
        "DELETE /session",
        "POST /service-token",
        "GET /.well-known/jwks.json",
        "GET /demo-logins",
    },
    "bookings": {
        "GET /resources",
        "GET /resources/<uuid:resource_id>",
        "GET /resources/<uuid:resource_id>/calendar",
        "GET /slots",
        "POST /bookings/check",
    },
    "inventory": {"GET /depots", "GET /resources/<uuid:resource_id>"},
    "volunteers": {
        "GET /shifts",
        "GET /shifts/<uuid:shift_id>",
        "GET /places",
        "GET /feeds/<token>.ics",
        "POST /links/look",  # the signed link in a mail is the key
        "POST /links/use",
    },
}

SETTLING = {"POST /dead-letters/replay", "POST /dead-letters/discard"}  # of every service; a letter is settled once

# Reviewed: these POSTs create nothing, or their body says it all (an import makes the stock what the file says), or
# If-Match lets them happen once.
NOT_IDEMPOTENT = {
    "accounts": {
        "POST /session",
        "POST /session/refresh",
        "POST /service-token",
        "POST /imports/associations",
        "POST /me/qualifications",
        "POST /me/invitations/<uuid:invitation_id>/accept",  # it is answered once
        "POST /people/<uuid:person_id>/qualifications",
    },
    "bookings": {
        "POST /bookings/check",
        "POST /bookings/<uuid:booking_id>/cancel",
        "POST /bookings/<uuid:booking_id>/decisions",
    },
    "inventory": {"POST /imports/materials", "POST /imports/facilities"},
    "volunteers": {
        "POST /hours/<uuid:seat_id>/question",
        "POST /hours/<uuid:seat_id>/report",
        "POST /hours/confirm",
        "POST /seats/<uuid:seat_id>/attendance",
        "POST /shifts/<uuid:shift_id>/check-in",
        "POST /shifts/<uuid:shift_id>/phones",
        "POST /shifts/<uuid:shift_id>/release",
        "POST /feeds",  # a kept answer would keep the secret address
        "POST /sign-ups/<uuid:sign_up_id>/accept",
        "POST /sign-ups/<uuid:sign_up_id>/decline",
        "POST /sign-ups/<uuid:sign_up_id>/cancel",
        "POST /links/look",
        "POST /links/use",  # a link answers once
        "POST /sign-ups/<uuid:sign_up_id>/seats/<uuid:seat_id>/person",  # the same name twice is one name
        "POST /swaps/<uuid:swap_id>/answer",  # a swap is answered once
        "POST /swaps/<uuid:swap_id>/withdraw",
        "POST /plan/check",
        "POST /plan/series",
        "POST /plan/copy",
        "POST /plan/move",
        "POST /plan/series-rows",
        "POST /shifts/publish",  # as often as one likes: what is published stays so
        "POST /shifts/cancel",
        "POST /shifts/<uuid:shift_id>/close",
        "POST /shifts/<uuid:shift_id>/reopen",
        "POST /templates",  # the name says which
        "POST /places",
        "POST /imports/shifts",
        "POST /imports/places",
        "POST /imports/school-holidays",
    },
}

ROUTES = [(service, name, rule, view) for service in SERVICES for name, rule, view in routes_of(service)]
GUARDED = [(service, name, rule) for service, name, rule, view in ROUTES if not getattr(view, "is_public", False)]


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_reviewed_routes_are_public(service: str) -> None:
    public = {name for of, name, _, view in ROUTES if of == service and getattr(view, "is_public", False)}
    assert public - OF_EVERY_SERVICE == PUBLIC.get(service, set())
    assert public >= OF_EVERY_SERVICE


@pytest.mark.parametrize(("service", "name", "rule"), GUARDED, ids=[f"{of} {name}" for of, name, _ in GUARDED])
def test_every_other_route_answers_401_without_a_token(service: str, name: str, rule: Rule) -> None:
    method, path = name.split()[0], filled(rule)
    response = Caller(app_of(service)).send(method, path, json={} if method != "GET" else None)
    assert response.status_code == 401
    assert response.json["slug"] == "unauthenticated"


def filled(rule: Rule) -> str:
    """An address of that rule."""
    return rule.build(dict.fromkeys(rule.arguments, UUID(int=0)), append_unknown=False)[1]


@pytest.mark.parametrize("service", SERVICES)
def test_every_post_that_creates_is_idempotent(service: str) -> None:
    posts = {name: view for of, name, _, view in ROUTES if of == service and name.startswith("POST ")}
    repeatable = {name for name, view in posts.items() if getattr(view, "is_idempotent", False)}
    assert posts.keys() - repeatable == NOT_IDEMPOTENT.get(service, set()) | SETTLING


@pytest.mark.parametrize("service", SERVICES)
def test_unknown_fields_are_refused(service: str) -> None:
    """Every schema of a request body derives from the house's own, which raises on them."""
    components = Caller(app_of(service)).get("/openapi.json").json.get("components", {}).get("schemas", {})
    loose = [name for name, schema in components.items() if schema.get("additionalProperties") is not False]
    assert loose == []


def test_the_portal_serves_no_api_of_its_own() -> None:
    assert PORTAL not in SERVICES
