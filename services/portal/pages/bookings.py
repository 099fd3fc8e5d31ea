"""Mine bookinger: what I and my associations have booked, and one booking with all that happened to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from services.portal import forms
from services.portal.answers import Problem
from services.portal.calendar_file import calendar_file
from services.portal.clients import api
from services.portal.formats import instant
from services.portal.forms import Errors
from services.portal.session import sign_in_needed
from shared import clock

blueprint = Blueprint("bookings", __name__, url_prefix="/bookinger")

PAGE_SIZE = 20


@blueprint.get("")
@sign_in_needed
def mine() -> str:
    page = request.args.get("side", 1, type=int)
    found = api().bookings.list(view="mine", page=page, page_size=PAGE_SIZE)
    coming = [one for one in found["items"] if is_ahead(one)]
    past = [one for one in found["items"] if one not in coming]
    return render_template("bookings/mine.html", found=found, coming=coming, past=past, page_address=_address)


def is_ahead(booking: dict[str, Any]) -> bool:
    """Something is still to happen: a time to come, or things to bring back."""
    if booking["state"] in ("cancelled", "refused"):
        return False
    return instant(booking["ends_at"]) >= clock.now() or "overdue" in booking["states"]


def _address(page: int) -> str:
    return url_for("bookings.mine", side=page)


@blueprint.get("/<uuid:booking_id>")
@sign_in_needed
def show(booking_id: UUID) -> str:
    return _page(api().bookings.get(str(booking_id)), Errors())


def _page(booking: dict[str, Any], errors: Errors) -> str:
    handovers = _if_possible(lambda: api().inventory.handovers_of(booking["id"]), [])
    people = {one.get("person_id") for one in booking["history"]} | {booking["person_id"]}
    people |= {line.get("decided_by") for line in booking["lines"]}
    people |= {step["staff_id"] for handover in handovers for step in handover["steps"]}
    return render_template(
        "bookings/show.html",
        booking=booking,
        errors=errors,
        handovers=handovers,
        messages=_if_possible(lambda: api().notifications.messages(booking_id=booking["id"]), None),
        names=_if_possible(lambda: api().accounts.names({one for one in people if one}), {}),
        is_new="ny" in request.args,
    )


def _if_possible(ask: Any, otherwise: Any) -> Any:
    """The booking is shown also while the services that add to it are away."""
    try:
        return ask()
    except Problem:
        return otherwise


@blueprint.get("/<uuid:booking_id>/depotet")
@sign_in_needed
def depot_knows(booking_id: UUID) -> str:
    """The part of the page that fills in by itself when the depot has got its pick list."""
    booking = api().bookings.get(str(booking_id))
    handovers = _if_possible(lambda: api().inventory.handovers_of(booking["id"]), [])
    return render_template("bookings/depot.html", booking=booking, handovers=handovers)


@blueprint.post("/<uuid:booking_id>/linjer/<uuid:line_id>")
@sign_in_needed
def reduce(booking_id: UUID, line_id: UUID) -> Any:
    """Fewer of a line, or none."""
    quantity = request.form.get("quantity", -1, type=int)
    try:
        api().bookings.reduce(str(booking_id), str(line_id), quantity, forms.version())
    except Problem as problem:
        return _refused(str(booking_id), problem)
    flash(_("Linjen er taget ud.") if quantity == 0 else _("Antallet er sat ned."), "success")
    return redirect(url_for("bookings.show", booking_id=booking_id))


@blueprint.get("/<uuid:booking_id>/aflys")
@sign_in_needed
def ask_to_cancel(booking_id: UUID) -> Any:
    booking = api().bookings.get(str(booking_id))
    if not booking["can"]["cancel"]:
        return redirect(url_for("bookings.show", booking_id=booking_id))
    return render_template("bookings/cancel.html", booking=booking, errors=Errors())


@blueprint.post("/<uuid:booking_id>/aflys")
@sign_in_needed
def cancel(booking_id: UUID) -> Any:
    try:
        api().bookings.cancel(str(booking_id), forms.text("reason"), forms.version())
    except Problem as problem:
        return _refused(str(booking_id), problem)
    flash(_("Bookingen er aflyst."), "success")
    return redirect(url_for("bookings.show", booking_id=booking_id))


def _refused(booking_id: str, problem: Problem) -> Any:
    """Show the booking as it is now, and why it could not be changed."""
    if problem.status not in (409, 412, 422):
        raise problem
    return _page(api().bookings.get(booking_id), Errors.of(problem)), problem.status


@blueprint.get("/<uuid:booking_id>.ics")
@sign_in_needed
def as_calendar(booking_id: UUID) -> Response:
    booking = api().bookings.get(str(booking_id))
    headers = {"Content-Disposition": f'attachment; filename="booking-{booking["number"]}.ics"'}
    return Response(calendar_file(booking), mimetype="text/calendar", headers=headers)
