"""Instants, dates and numbers as people in Denmark write them: 14.08.2027, kl. 17.30."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from babel.dates import get_day_names
from flask import Flask
from flask_babel import format_date, format_decimal, get_locale, gettext
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


def klokken(starts: str | datetime, ends: str | datetime) -> str:
    """08.00–12.00; over midnight: 22.00–02.00 næste dag"""
    begins, over = instant(starts), instant(ends)
    days = (over.date() - begins.date()).days
    if days > 1:
        return f"{begins:%H.%M} – {over:%d.%m.} {kl(ends)}"
    next_day = f" {gettext('næste dag')}" if days and f"{over:%H%M}" != "0000" else ""
    return f"{begins:%H.%M}–{'24.00' if days and not next_day else f'{over:%H.%M}'}{next_day}"


def naar(value: str | datetime) -> str:
    """A limit, said after “indtil”. kl. 20.00 if it is today, otherwise with the day: mandag 16.08.2027 kl. 09.00"""
    if as_day(value) != clock.today():
        return tidspunkt(value)
    return str(gettext("kl. %(time)s", time=f"{instant(value):%H.%M}"))


def dag(value: str | date | datetime) -> str:
    """I dag, lørdag 14.08.2027 – and plain lørdag 14.08.2027 for other days than today and tomorrow"""
    day, today = as_day(value), clock.today()
    near = {today: gettext("I dag"), today + timedelta(days=1): gettext("I morgen")}.get(day)
    return f"{near}, {ugedag(day)}" if near else ugedag(day)


def varighed(minutes: int) -> str:
    """2 t 30 min"""
    hours, rest = divmod(minutes, 60)
    parts = [f"{format_decimal(hours)} {gettext('t')}" if hours else "", f"{rest} {gettext('min')}" if rest else ""]
    return " ".join(filter(None, parts)) or f"0 {gettext('min')}"


def maaned_kort(value: str | date) -> list[str]:
    """aug, 2027: as two lines below a plot"""
    return [str(format_date(as_day(value), "MMM")).removesuffix("."), f"{as_day(value).year}"]


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


def weekdays() -> list[str]:
    """mandag … søndag"""
    names = get_day_names("wide", "stand-alone", get_locale())
    return [names[number] for number in range(7)]


def opening_lines(hours: list[dict[str, Any]]) -> list[str]:
    """mandag–torsdag 07.00–15.00: days with the same hours in one line."""
    names = weekdays()
    runs: list[tuple[int, int, str]] = []
    for one in sorted(hours, key=lambda one: (one["weekday"], one["opens"])):
        times = f"{one['opens']}–{one['closes']}".replace(":", ".")
        if runs and runs[-1][1] == one["weekday"] - 1 and runs[-1][2] == times:
            runs[-1] = (runs[-1][0], one["weekday"], times)
        else:
            runs.append((one["weekday"], one["weekday"], times))
    return [f"{names[a]}{f'–{names[b]}' if a != b else ''} {times}" for a, b, times in runs]


def slot_options(slots: list[datetime]) -> list[tuple[str, str]]:
    return [(slot.isoformat(), tidspunkt(slot)) for slot in slots]


def half_hours(chosen: str = "", first: str = "00:00", last: str = "24:00") -> list[tuple[str, str]]:
    """00.00 … 24.00 as choices; a chosen time between the half hours is one of them too."""
    times = {f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(0, 24 * 60 + 1, 30)}
    offered = sorted({*(time for time in times if first <= time <= last), *filter(None, [chosen])})
    return [(time, time.replace(":", ".")) for time in offered]


def end_time(starts: datetime, ends: datetime) -> str:
    """17:30; the midnight after the day is its 24:00."""
    return "24:00" if ends.date() > starts.date() and f"{ends:%H:%M}" == "00:00" else f"{ends:%H:%M}"


def time_tag(value: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(value, text)


def init_app(app: Flask) -> None:
    filters: list[Any] = [dato, ugedag, kl, tidspunkt, maaned, kroner, as_day, opening_lines, slot_options]
    filters += [naar, dag, maaned_kort, varighed]
    app.jinja_env.filters.update({one.__name__: one for one in filters})
    app.jinja_env.filters["antal"] = antal
    app.jinja_env.globals.update(
        periode=periode,
        klokken=klokken,
        dage=dage,
        today=clock.today,
        timedelta=timedelta,
        time_tag=time_tag,
        half_hours=half_hours,
        end_time=end_time,
        new_key=uuid4,
        weekdays=weekdays,
    )
