"""The days that a person wants something for: from the address or a form, kept with her basket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from services.portal import basket
from services.portal.answers import Problem
from services.portal.forms import Errors
from shared import clock


def day(text: str | None) -> date | None:
    """2027-08-14, or 14.08.2027 as people without a date field write it. None for anything else."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            found = datetime.strptime((text or "").strip(), pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return found if 2000 <= found.year < 2200 else None
    return None


def moment(on: date | None, wall: str) -> datetime | None:
    """The instant of a wall time ("17.30", "17:30") on a day; None if one of them cannot be read."""
    if on and wall.strip() in ("24.00", "24:00"):
        on, wall = on + timedelta(days=1), "00:00"
    try:
        hours, _colon, minutes = wall.strip().replace(".", ":").partition(":")
        return (
            datetime(on.year, on.month, on.day, int(hours), int(minutes or 0), tzinfo=clock.COPENHAGEN) if on else None
        )
    except (ValueError, OverflowError):
        return None


def days_errors(problem: Problem) -> Errors:
    """What a service says against the days, at our fields. Raises the problem if it is about anything else."""
    names = {"from": "fra", "to": "til"}
    if problem.status != 422 or not all(reason.get("field") in names for reason in problem.reasons):
        raise problem
    errors = Errors()
    for reason in problem.reasons:
        errors.add(names[reason["field"]], reason["text"])
    return errors


def take_days(given: Mapping[str, str]) -> Errors:
    """Keep the days named `fra` and `til`, if they are given; a missing one is the same as the other."""
    errors = Errors()
    if "fra" not in given and "til" not in given:
        return errors
    first_text, last_text = given.get("fra", ""), given.get("til", "")
    first, last = day(first_text), day(last_text)
    for name, text, found in (("fra", first_text, first), ("til", last_text, last)):
        if text and not found:
            errors.add(name, _("Skriv datoen som dag.måned.år, fx 14.08.2027."))
    if first and last and last < first:
        errors.add("til", _("Slutdatoen ligger før startdatoen. Ret en af dem."))
    if not errors:
        basket.basket().set_days(first or last, last or first)
        basket.keep()
    return errors
