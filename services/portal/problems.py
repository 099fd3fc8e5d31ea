"""Error pages that say what to do next, and lose nothing of what was typed."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, g, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.portal.answers import Problem, SignedOut
from services.portal.kept_form import instead_of_page, typed
from services.portal.login import sign_out
from services.portal.security import own_address
from services.portal.session import return_address, to_log_in

log = structlog.get_logger(__name__)

PAGES = {403: "errors/403.html", 404: "errors/404.html", 503: "errors/503.html"}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(back_address=lambda: own_address(request.referrer))

    @app.errorhandler(SignedOut)
    def signed_out(error: SignedOut) -> Any:
        """A public page is shown to a stranger then; others lead to the log-in and back."""
        was_signed_in = g.get("login") is not None
        sign_out()
        if was_signed_in and request.method == "GET":
            return redirect(return_address())
        return to_log_in(_("Du er logget ud. Log ind igen, så fortsætter du, hvor du var."))

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Any:
        if error.slug == "not-a-member" and session.pop("acting_for", None):
            return redirect(return_address())
        page = PAGES.get(error.status, "errors/503.html" if error.status >= 500 else "errors/refused.html")
        status = 503 if error.status >= 500 else error.status
        return render_template(page, problem=error, typed=typed(), **_ids()), status

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Any:
        return instead_of_page(render_template("errors/again.html", typed=typed(), **_ids()), 400)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        page = PAGES.get(error.code or 500, "errors/other.html")
        return render_template(page, problem=None, typed=typed(), code=error.code, **_ids()), error.code

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Any:
        log.exception("unexpected error")
        return render_template("errors/500.html", **_ids()), 500


def _ids() -> dict[str, str]:
    return {"request_id": g.get("request_id", "")}
