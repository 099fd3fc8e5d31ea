"""Kurv → Tjek og send → sent: one period, many lines, each with its own answer from bookings."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.portal import basket as kept
from services.portal import forms
from services.portal.answers import Problem
from services.portal.basket import Line, basket
from services.portal.checkout import Answer, ask, details, instant_in, slots, unsaid, wish
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.period import day, moment, take_days
from services.portal.session import act_for, me, sign_in_needed

blueprint = Blueprint("basket", __name__, url_prefix="/kurv")

LONGEST_ID = 36


@blueprint.get("")
def show() -> str:
    return _page(Errors())


@blueprint.post("")
def change() -> Any:
    """Take over what the form says, then do what its button says."""
    errors = _take_form()
    action, _space, rest = request.form.get("do", "").partition(" ")
    if action == "remove":
        _remove(rest)
    elif action == "exchange" and len(words := rest.split()) == 6:
        _exchange(*words)
    kept.keep()
    if action == "more":
        return redirect("/find")
    if errors or "HX-Request" in request.headers:
        return _page(errors)
    return redirect(url_for("basket.show"))


@blueprint.post("/tjek")
def take_and_check() -> Any:
    """Keep what was typed before anything else: whoever must log in first finds all of it afterwards."""
    errors = _take_form()
    return (_page(errors), 422) if errors else redirect(url_for("basket.check"))


@blueprint.get("/tjek")
@sign_in_needed
def check() -> Any:
    """Everything on one page before it is sent; whatever is wrong leads back to the basket."""
    if not basket():
        return redirect(url_for("basket.show"))
    errors, said, offered = Errors(), details(basket()), slots(basket())
    answer = ask(basket(), offered)
    errors.extend(offered.errors)
    errors.extend(answer.summed_up())
    errors.extend(unsaid(said))
    if errors:
        return _page(errors, answer, offered), 422
    return render_template("basket/check.html", booking=wish(basket(), offered, said), answer=answer)


@blueprint.post("/send")
@sign_in_needed
def send() -> Any:
    """Send exactly what was shown, whatever became of the basket in another tab."""
    try:
        body = json.loads(request.form.get("booking", ""))
        booking = api().bookings.request(body, forms.key())
    except ValueError:
        return redirect(url_for("basket.show"))
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        answer = Answer.of_refusal(problem)
        return _page(answer.summed_up(), answer, typed=body), problem.status
    kept.empty_basket()
    return redirect(url_for("bookings.show", booking_id=booking["id"], ny=1))


def _page(
    errors: Errors, answer: Answer | None = None, offered: Any = None, typed: dict[str, Any] | None = None
) -> str:
    chosen = basket()
    offered = offered or slots(chosen)
    errors.extend(offered.errors)
    return render_template(
        "basket/show.html",
        errors=errors,
        slots=offered,
        answer=answer or ask(chosen, offered),
        typed=typed or details(chosen),
    )


def _take_form() -> Errors:
    chosen = basket()
    errors = take_days(request.form)
    chosen.say(request.form)
    _take_acting_for()
    # Slots chosen for other days are no longer offered; the page then proposes new ones.
    chosen.pickup = instant_in(request.form, "starts_at") or chosen.pickup
    chosen.giveback = instant_in(request.form, "ends_at") or chosen.giveback
    for number, line in enumerate(chosen.lines):
        _take_line(line, f"lines.{number}")
    kept.keep()
    return errors


def _take_acting_for() -> None:
    """The choice of a person whose log-in has ended is kept too; the next log-in looks whether she may."""
    wanted, who = request.form.get("acting_for"), me()
    if wanted is None or len(wanted) > LONGEST_ID:
        return
    if not wanted or not who or who.association(wanted):
        act_for(wanted)


def _take_line(line: Line, path: str) -> None:
    """A field that cannot be read leaves the line as it was; bookings says what is wrong with the rest."""
    if line.is_facility:
        on = day(request.form.get(f"{path}.day"))
        line.starts_at = moment(on, request.form.get(f"{path}.starts_at", "")) or line.starts_at
        line.ends_at = moment(on, request.form.get(f"{path}.ends_at", "")) or line.ends_at
    else:
        quantity = request.form.get(f"{path}.quantity", line.quantity, type=int)
        line.quantity = max(0, min(quantity, kept.MOST_OF_ONE))


def _remove(number: str) -> None:
    if _is_line(number):
        del basket().lines[int(number)]


def _is_line(number: str) -> bool:
    """False where another tab has emptied the basket meanwhile."""
    return number.isdecimal() and int(number) < len(basket())


def _exchange(number: str, kind: str, quantity: str, resource_id: str, starts: str, ends: str) -> None:
    """Take what bookings proposed for a line: fewer of it, another thing, or other dates."""
    if not _is_line(number) or not quantity.isdecimal():
        return
    chosen = basket()
    line = chosen.lines[int(number)]
    starts_at, ends_at = (instant_in({"": text}, "") for text in (starts, ends))
    if kind == "other":
        other = api().bookings.resource(resource_id)
        line.resource_id, line.depot_id = other["id"], other.get("depot_id") or ""
    if kind in ("other", "fewer") and not line.is_facility:
        line.quantity = int(quantity)
    if kind == "dates" and starts_at and ends_at:
        if line.is_facility:
            line.starts_at, line.ends_at = starts_at, ends_at
        else:
            chosen.set_days(starts_at.date(), ends_at.date())
            chosen.pickup, chosen.giveback = starts_at, ends_at
