"""Instants, dates and numbers as people in Denmark write them: 14.08.2027, kl. 17.30."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from flask_babel import format_date, format_decimal, gettext
from markupsafe import Markup

from shared import clock


def instant(value: str | datetime) -> datetime:
    """A moment on a Danish clock, from the services' ISO text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return clock.local(moment)


def as_day(value: str | date | datetime) -> date:
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value):
        return instant(value).date()
    return date.fromisoformat(value) if isinstance(value, str) else value


def dato(value: str | date | datetime) -> str:
    """14.08.2027"""
    return as_day(value).strftime("%d.%m.%Y")


def ugedag(value: str | date | datetime) -> str:
    """lørdag 14.08.2027"""
    day = as_day(value)
    return f"{format_date(day, 'EEEE')} {dato(day)}"


def kl(value: str | datetime) -> str:
    """kl. 17.30"""
    return f"{gettext('kl.')} {instant(value):%H.%M}"


def tidspunkt(value: str | datetime) -> str:
    """lørdag 14.08.2027 kl. 17.30"""
    return f"{ugedag(value)} {kl(value)}"


def periode(starts: str | datetime, ends: str | datetime) -> str:
    """13.08.2027 kl. 10.00 – 16.08.2027 kl. 12.00; on one day: 14.08.2027 kl. 10.00–12.00"""
    if as_day(starts) == as_day(ends):
        return f"{dato(starts)} {kl(starts)}–{instant(ends):%H.%M}"
    return f"{dato(starts)} {kl(starts)} – {dato(ends)} {kl(ends)}"


def dage(first: str | date, last: str | date) -> str:
    """14.–16.08.2027, or in full where month or year differ"""
    start, end = as_day(first), as_day(last)
    if start == end:
        return dato(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%d}.–{dato(end)}"
    return f"{dato(start)} – {dato(end)}"


def maaned(value: str | date) -> str:
    """august 2027"""
    return str(format_date(as_day(value), "MMMM yyyy"))


def antal(number: float, unit: str = "") -> str:
    """1.295 stk"""
    return f"{format_decimal(number)} {gettext(unit) if unit else ''}".strip()


def kroner(oere: int) -> str:
    return f"{format_decimal(oere / 100, '#,##0.00')} kr."


def time_tag(value: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(value, text)


def init_app(app: Flask) -> None:
    filters: list[Any] = [dato, ugedag, kl, tidspunkt, maaned, kroner, as_day]
    app.jinja_env.filters.update({one.__name__: one for one in filters})
    app.jinja_env.filters["antal"] = antal
    app.jinja_env.globals.update(
        periode=periode, dage=dage, today=clock.today, timedelta=timedelta, time_tag=time_tag, new_key=uuid4
    )
