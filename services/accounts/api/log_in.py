"""Log-in, refresh and log-out of people; tokens of services; the demo's people."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from flask import current_app, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from services.accounts import commands, domain, queries
from services.accounts.api.keys import signing_key
from services.accounts.schemas import (
    DemoLogInsSchema,
    LogInRequestSchema,
    RefreshTokenSchema,
    ServiceTokenRequestSchema,
    ServiceTokenSchema,
    TokensSchema,
)
from shared.errors import not_found
from shared.web import database, public, session, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("log_in", __name__, description="Log-in, refresh and log-out")

EXPIRES_IN = int(domain.ACCESS_TOKEN_FOR.total_seconds())
SERVICES = ("notifications", "volunteers")  # that may ask for a token of their own


def _tokens(current: Session, granted: commands.Granted) -> dict[str, Any]:
    who = {"sub": str(granted.person_id), "sid": str(granted.session_id)}
    token = signing_key().access_token({**who, **queries.claims(current, granted.person_id)})
    return {"access_token": token, "refresh_token": granted.refresh_token, "expires_in": EXPIRES_IN}


@blueprint.post("/session")
@public
@blueprint.arguments(LogInRequestSchema)
@blueprint.response(200, TokensSchema)
def log_in(body: dict[str, str]) -> dict[str, Any]:
    """Log in with e-mail and password."""
    email, now = body["email"], datetime.now(UTC)
    # The peer's own address: headers like X-Forwarded-For are anybody's to write.
    address = request.remote_addr or ""

    def work(current: Session) -> dict[str, Any]:
        return _tokens(current, commands.log_in(current, email, body["password"], address, now))

    # Committed first, so that a wrong password is counted although it is refused.
    database().transact(lambda current: commands.admit_log_in(current, email, address, now))
    return database().transact(work)


@blueprint.post("/session/refresh")
@public
@blueprint.arguments(RefreshTokenSchema)
@blueprint.response(200, TokensSchema)
def refresh(body: dict[str, str]) -> dict[str, Any]:
    """Exchange a refresh token, once, for fresh tokens."""

    def work(current: Session) -> dict[str, Any] | None:
        granted = commands.refresh_session(current, body["refresh_token"], datetime.now(UTC))
        return _tokens(current, granted) if granted else None

    tokens = database().transact(work)
    if tokens is None:
        raise domain.session_over()
    return tokens


@blueprint.delete("/session")
@transactional
@public
@blueprint.arguments(RefreshTokenSchema)
@blueprint.response(204)
def log_out(body: dict[str, str]) -> None:
    """End the session; its refresh tokens are worthless from now on."""
    commands.log_out(session(), body["refresh_token"], datetime.now(UTC))


@blueprint.post("/service-token")
@public
@blueprint.arguments(ServiceTokenRequestSchema)
@blueprint.response(200, ServiceTokenSchema)
def get_service_token(body: dict[str, str]) -> dict[str, Any]:
    """A token for one of our own services."""
    secret = current_app.extensions["kommunity_settings"].service_secret
    is_right = hmac.compare_digest(body["client_secret"].encode(), secret.encode())
    if body["client_id"] not in SERVICES or not is_right:
        raise domain.wrong_client()
    token = signing_key().access_token({"sub": body["client_id"], "service": body["client_id"]})
    return {"access_token": token, "expires_in": EXPIRES_IN}


@blueprint.get("/demo-logins")
@public
@blueprint.response(200, DemoLogInsSchema)
def get_demo_logins() -> dict[str, Any]:
    """The people of a demo system and their password; nowhere else."""
    demo = current_app.config["DEMO_LOGINS"]
    if demo is None:
        raise not_found()
    people = [
        {"email": person.email, "name": person.name, "title": gettext(person.title), "may": gettext(person.may)}
        for person in demo.people
    ]
    return {"password": demo.password, "people": people}
