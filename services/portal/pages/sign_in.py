"""In, out, and for whom."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask_babel import gettext as _

from services.portal import kept_form, login
from services.portal.answers import Problem, SignedOut
from services.portal.clients import api
from services.portal.forms import Errors, text
from services.portal.security import own_address
from services.portal.session import act_for, language, me, remember
from shared.web.i18n import LANGUAGES

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/login")
def form() -> Any:
    return _page(Errors())


@blueprint.post("/login")
def sign_in() -> Any:
    try:
        login.sign_in(api().accounts.sign_in(text("email"), request.form.get("password", "")))
    except Problem as problem:
        if problem.status >= 500:
            raise
        return _page(Errors.of(problem)), problem.status
    _settle_in()
    if again := kept_form.show_again(request.form.get("kept", "")):
        return again
    return redirect(own_address(request.form.get("next")))


def _settle_in() -> None:
    """The person's language, and the association that she acted for before or the first one."""
    who = me()
    if who is None:
        return
    session.setdefault("language", who.language or language())
    if session.get("acting_for") != "" and not who.association(session.get("acting_for")):
        act_for(who.associations[0]["id"] if who.associations else "")


def _page(errors: Errors) -> str:
    return render_template(
        "sign_in/form.html",
        errors=errors,
        demo=_demo(),
        next=own_address(request.values.get("next")),
        kept=request.form.get("kept", ""),
    )


def _demo() -> dict[str, Any] | None:
    config = current_app.extensions["kommunity_settings"]
    if config.is_production:
        return None
    try:
        return {**api().accounts.demo_logins(), "inbox_url": config.inbox_url}
    except Problem:
        return None


@blueprint.post("/logout")
def sign_out() -> Any:
    found = login.current_login()
    if found:
        try:
            api().accounts.sign_out(found.refresh_token)
        except Problem as problem:
            current_app.logger.warning("log-out did not reach accounts: %s", problem)
    login.sign_out()
    for name in [name for name in session if name != "language"]:
        session.pop(name)
    flash(_("Du er logget ud."), "success")
    response = redirect("/")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.post("/handl-for")
def act() -> Any:
    who, wanted = me(), request.form.get("association_id", "")
    if who and (not wanted or who.association(wanted)):
        act_for(wanted)
    return redirect(own_address(request.form.get("next")))


@blueprint.post("/sprog")
def speak() -> Any:
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
        _save_language(request.form["language"])
    return redirect(own_address(request.form.get("next")))


def _save_language(wanted: str) -> None:
    """Mails follow the language of the pages. The pages have it even if it cannot be saved."""
    if not login.current_login():
        return
    try:
        person = api().accounts.me()
        if person["language"] != wanted:
            remember(api().accounts.change_me({"language": wanted}, person["version"]))
    except (Problem, SignedOut) as trouble:
        current_app.logger.warning("the language was not saved: %s", trouble)
