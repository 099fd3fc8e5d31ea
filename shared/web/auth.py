"""Every route asks for a signed-in person, unless it is marked public; this is the one place that lets anybody in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

import structlog
from flask import Flask, current_app, g, request

from shared.actors import Actor
from shared.errors import N_, Kind, Reason, Refusal, forbidden
from shared.web.tokens import Keys, actor_from, unauthenticated, verify

ACTING_FOR = "Kommunity-Acting-For"

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view that nobody needs to sign in for; `actor()` is still known if a token comes along."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def actor() -> Actor | None:
    known: Actor | None = g.get("actor")
    return known


def signed_in_actor() -> Actor:
    """The person (or service) that makes this request. Raises Refusal (401) on a public route without a token."""
    known = actor()
    if known is None:
        raise unauthenticated()
    return known


def require_role(*roles: str) -> Callable[[View], View]:
    """Let in only who holds one of `roles` in any scope; the scope itself is asked for by the command."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = signed_in_actor()
            if not who.is_administrator and not any(held.role in roles for held in who.staff):
                raise forbidden()
            return view(*args, **kwargs)

        guarded.required_roles = roles  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def init_auth(app: Flask, keys: Keys) -> None:
    @app.before_request
    def authenticate() -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            g.actor = _acting(actor_from(verify(token.strip(), keys)))
            structlog.contextvars.bind_contextvars(actor=g.actor.service or str(g.actor.person_id))
        elif not is_public(request.endpoint):
            raise unauthenticated()


def is_public(endpoint: str | None) -> bool:
    """True for unknown addresses too: 404 is the right answer there."""
    view = current_app.view_functions.get(endpoint or "")
    return view is None or getattr(view, "is_public", False)


def _acting(who: Actor) -> Actor:
    named = request.headers.get(ACTING_FOR, "").strip()
    if not named:
        return who
    try:
        association_id = UUID(named)
    except ValueError:
        association_id = None
    if not who.may_act_for(association_id):
        text = N_("Du kan ikke handle for den forening. Vælg en af dine egne øverst på siden.")
        raise Refusal(Kind.FORBIDDEN, "not-a-member", [Reason("not-a-member", text, ACTING_FOR)])
    return replace(who, acting_for=association_id)
