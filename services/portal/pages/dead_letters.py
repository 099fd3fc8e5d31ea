"""Fejlede hændelser: what services could not apply, for administrators to try again or to discard."""

from __future__ import annotations

from collections import Counter
from datetime import time
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import dead_letters, period
from services.portal.clients import api
from services.portal.clients.catalogue import SERVICES
from services.portal.dead_letters import Silent
from services.portal.forms import Errors
from services.portal.security import own_address
from services.portal.session import me
from services.portal.staff import names_of, staff_only
from shared import clock
from shared.actors import ADMINISTRATOR
from shared.contracts import REGISTRY, topic_of
from shared.errors import N_

blueprint = Blueprint("dead_letters", __name__, url_prefix="/fejlede-haendelser")

Json = dict[str, Any]
Chosen = dict[str, list[int]]  # ids by service

PAGE_SIZE = 50
MOST_AT_ONCE = 10_000
LONGEST_SHOWN = 20_000
FILTERS = ("tilstand", "tjeneste", "emne", "type", "siden")
STATES = {
    "": ("unsettled", N_("Venter")),
    "anvendt": ("replayed", N_("Anvendt")),
    "kasseret": ("discarded", N_("Kasseret")),
    "alle": ("", N_("Alle")),
}


@blueprint.get("")
@staff_only(ADMINISTRATOR)
def show() -> Any:
    return _page(Errors())


@blueprint.get("/<service>/<int:letter_id>")
@staff_only(ADMINISTRATOR)
def letter(service: str, letter_id: int) -> str:
    if service not in SERVICES:
        abort(404)
    found = dead_letters.letter_of(service, letter_id)
    names = names_of(dead_letters.people_in([found]))
    return render_template("dead_letters/letter.html", letter=found, names=names, longest=LONGEST_SHOWN)


@blueprint.get("/bekraeft")
@staff_only(ADMINISTRATOR)
def ask() -> Any:
    """What it means, and which ones; nothing is done yet."""
    what = _decision(request.args.get("do"))
    chosen = _all_matching(what) if request.args.get("alle") else _ticked()
    if not any(chosen.values()):
        errors = Errors()
        errors.add("valgt", _("Sæt kryds ved de hændelser, det gælder."))
        return _page(errors, 422)
    number = sum(len(ids) for ids in chosen.values())
    return render_template("dead_letters/confirm.html", what=what, chosen=chosen, number=number, back=_back())


@blueprint.post("")
@staff_only(ADMINISTRATOR)
def decide() -> Any:
    """Each service for itself: where one is away, its letters stay as they are, and that is said."""
    what = _decision(request.form.get("do"))
    chosen = {service: _numbers(request.form.get(f"ids-{service}", "")) for service in SERVICES}
    take = getattr(api().dead_letters, what)
    answers = [
        dead_letters.ask(service, lambda one: take(one, {"ids": chosen[one]}))
        for service in SERVICES
        if chosen[service]
    ]
    done = [answer for answer in answers if not isinstance(answer, Silent)]
    dead_letters.count_anew()
    for answer in answers:
        if isinstance(answer, Silent):
            flash(_("%(service)s svarer ikke. Dens hændelser er urørte.", service=answer.service), "warning")
    if not done:
        return redirect(_back(), 303)
    left_alone = sum(map(len, chosen.values())) - sum(len(one["ids"]) for one in done)
    if left_alone and len(done) == len(answers):
        flash(_("%(count)s var allerede afgjort.", count=left_alone), "info")
    return redirect(url_for(".outcome", siden=min(one["at"] for one in done), tilbage=_back()), 303)


@blueprint.get("/resultat")
@staff_only(ADMINISTRATOR)
def outcome() -> str:
    """What became of those that this person has settled since then."""
    query = {"state": "", "settled_since": request.args.get("siden", ""), "page_size": dead_letters.MOST_OF_EACH}
    found = dead_letters.gather(SERVICES, query)
    who = me()
    mine = [one for one in found.letters if who and one["settled_by"] == who.id]
    counts = Counter(one["word"] for one in mine)
    dead_letters.count_anew()
    return render_template("dead_letters/outcome.html", letters=mine, counts=counts, found=found, back=_back())


def _decision(asked: str | None) -> str:
    if asked not in ("replay", "discard"):
        abort(404)
    return str(asked)


def _ticked() -> Chosen:
    """From `bookings-17`, one for each tick."""
    pairs = [one.rpartition("-") for one in request.args.getlist("valgt")]
    return {service: _numbers(",".join(number for of, _dash, number in pairs if of == service)) for service in SERVICES}


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one.isascii() and one.isdigit() and len(one) < 19][:MOST_AT_ONCE]


def _all_matching(what: str) -> Chosen:
    take = getattr(api().dead_letters, what)
    body = {"matching": _matching(), "dry_run": True}
    answers = {service: dead_letters.ask(service, lambda one: take(one, body)) for service in _services()}
    return {
        service: [] if isinstance(answer, Silent) else answer["ids"][:MOST_AT_ONCE]
        for service, answer in answers.items()
    }


def _matching() -> Json:
    """The filters, as the services know them."""
    since = period.day(request.values.get("siden"))
    told = {
        "type": request.values.get("type", "").strip()[:200],
        "topic": request.values.get("emne", "").strip()[:200],
        "since": clock.at(since, time.min).isoformat() if since else "",
    }
    return {name: value for name, value in told.items() if value}


def _services() -> tuple[str, ...]:
    wanted = request.values.get("tjeneste")
    return (wanted,) if wanted in SERVICES else SERVICES


def _filters() -> Json:
    return {name: request.values[name] for name in FILTERS if request.values.get(name)}


def _back() -> str:
    return own_address(request.values.get("tilbage"), url_for(".show"))


def _page(errors: Errors, status: int = 200) -> Any:
    state, _text = STATES.get(request.values.get("tilstand", ""), STATES[""])
    query = {"state": state, **_matching(), "page_size": dead_letters.MOST_OF_EACH}
    found = dead_letters.gather(_services(), query)
    last = max(1, -(-len(found.letters) // PAGE_SIZE))
    page = min(max(1, request.args.get("side", 1, type=int)), last)
    letters = found.letters[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    text = render_template(
        "dead_letters/list.html",
        found=found,
        letters=letters,
        open=[one for one in letters if one["state"] in ("waiting", "requested")],
        page=page,
        page_size=PAGE_SIZE,
        filters=_filters(),
        states=[(value, _(text)) for value, (_state, text) in STATES.items()],
        services=SERVICES,
        topics=sorted({topic_of(event.publisher) for event in REGISTRY.values()}),
        names=names_of(dead_letters.people_in(letters)),
        errors=errors,
    )
    return text, status
