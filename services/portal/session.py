"""Who looks at the page, for whom she acts, and in which language."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import jwt
from flask import (
    Flask,
    Response,
    flash,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _

from services.portal import kept_form, login
from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.login import current_login
from services.portal.security import own_address
from shared.web.i18n import LANGUAGES, preferred_language

View = TypeVar("View", bound=Callable[..., Any])

ME_KEPT_S = 30
ME_MOST = 2000

_known: dict[str, tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Me:
    id: str
    name: str
    email: str
    language: str
    phone: str
    born_on: str
    version: int
    associations: list[dict[str, Any]]
    member_of: list[dict[str, Any]]
    staff_roles: list[dict[str, Any]]

    @classmethod
    def read(cls, document: dict[str, Any]) -> Me:
        return cls(**{name: document.get(name) or empty for name, empty in _EMPTY.items()})

    def may(self, *roles: str) -> bool:
        """True if she holds one of the staff roles somewhere, or administers it all."""
        return any(held["role"] in (*roles, "administrator") for held in self.staff_roles)

    def association(self, association_id: str | None) -> dict[str, Any] | None:
        return next((one for one in self.associations if one["id"] == association_id), None)


_EMPTY: dict[str, Any] = {
    "id": "",
    "name": "",
    "email": "",
    "language": "",
    "phone": "",
    "born_on": "",
    "version": 0,
    "associations": [],
    "member_of": [],
    "staff_roles": [],
}


def me() -> Me | None:
    """The signed-in person; asked of accounts at most every 30 s, and read from the token while accounts is away."""
    found = current_login()
    if not found:
        return None
    if "me" not in g:
        try:
            g.me = Me.read(_remembered(found.access_token))
        except SignedOut:
            login.sign_out()
            return None
    known: Me = g.me
    return known


def _remembered(token: str) -> dict[str, Any]:
    at, document = _known.get(token, (0.0, {}))
    if document and time.monotonic() - at < ME_KEPT_S:
        return document
    try:
        document = api().accounts.me()
    except Problem:
        return document or _from_token(token)
    remember(document)
    return document


def remember(document: dict[str, Any]) -> None:
    """Keep what accounts says of the signed-in person, so that the next page need not ask."""
    found = current_login()
    if found:
        if len(_known) >= ME_MOST:
            _known.clear()
        _known[found.access_token] = (time.monotonic(), document)
    g.pop("me", None)


def anew() -> None:
    """Her rights have changed: a new access token says so to all services, and the pages ask accounts."""
    found = current_login()
    if found:
        found.renew(api().accounts.refresh)
    remember(api().accounts.me())
    if session.get("acting_for") and not acting_for():
        act_for("")


def _from_token(token: str) -> dict[str, Any]:
    """Ids and roles without names. The services verify the token; here it only shapes the menu."""
    claims = jwt.decode(token, options={"verify_signature": False})
    roles = [text.split(":") for text in claims.get("staff", [])]
    return {
        "id": claims.get("sub"),
        "associations": [{"id": key, "name": "", "roles": held} for key, held in claims.get("for", {}).items()],
        "staff_roles": [{"role": role, "scope_kind": kind, "scope_id": scope} for role, kind, scope in roles],
    }


def acting_for() -> dict[str, Any] | None:
    """The association that the person acts for, None for herself."""
    who = me()
    return who.association(session.get("acting_for")) if who else None


def act_for(association_id: str) -> None:
    session["acting_for"] = association_id
    g.acting_for = association_id
    g.pop("api", None)


def language() -> str:
    """What was chosen here or, at the log-in, is the person's own; a stranger's browser knows her wish."""
    if has_request_context() and session.get("language") in LANGUAGES:
        return str(session["language"])
    return preferred_language()


def sign_in_needed(view: View) -> View:
    """Send whoever is not signed in to the log-in page, and back here afterwards."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_login() is None:
            return to_log_in()
        return view(*args, **kwargs)

    guarded.needs_sign_in = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def to_log_in(text: str = "") -> Response:
    """Lead to the log-in and back. htmx must load it as a page, not put it into a part of this one."""
    if request.blueprint != "basket" and (kept := kept_form.keep()):
        return _log_in_here(kept)
    if request.blueprint == "basket":
        text = _("Du blev logget ud. Din kurv er gemt.")
    elif request.method == "POST":
        text = _("Du var logget ud, så det blev ikke gemt. Log ind, og prøv igen.")
    if text:
        flash(text, "warning")
    address = url_for("sign_in.form", next=return_address())
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return cast(Response, redirect(address))


def _log_in_here(kept: str) -> Response:
    """The log-in in place of the page that a form was sent from, with that form inside."""
    page = render_template("sign_in/form.html", errors=Errors(), next=return_address(), kept=kept, kept_elsewhere=True)
    return kept_form.instead_of_page(page, 401)


def return_address() -> str:
    """Where to go on after the log-in: this page, or the page that a form was sent from."""
    return own_address(request.full_path if request.method == "GET" else request.referrer)


def init_app(app: Flask) -> None:
    login.init_app(app)

    @app.before_request
    def choose_association() -> None:
        g.acting_for = session.get("acting_for") if current_login() else None

    @app.context_processor
    def who() -> dict[str, Any]:
        return {"me": me(), "acting_for": acting_for(), "language": language(), "here": return_address()}
