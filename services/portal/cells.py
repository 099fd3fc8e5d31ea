"""What people type into a cell of the plan – days, times, numbers, proofs – read as kindly as can be."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask_babel import gettext

from services.portal import period
from shared import clock
from shared.qualifications import QUALIFICATIONS, named

SHORT_DAY = re.compile(r"(\d{1,2})[./ -]+(\d{1,2})\.?(?:[./ -]+(\d{2}|\d{4}))?")
WALL = re.compile(r"(\d{1,2})(?:[.: ]?(\d{2}))?")
PEOPLE_PLAN_AHEAD = timedelta(days=150)


def day(text: str) -> date | None:
    """14.8, lør 14.08.2027, 14/8-27 or 2027-08-14. Without a year: rather ahead of us than behind. None: unreadable."""
    text = text.strip().lstrip("abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ. ")
    if found := period.day(text):
        return found
    match = SHORT_DAY.fullmatch(text)
    if not match:
        return None
    number, month, year = match.groups()
    near = clock.today() + PEOPLE_PLAN_AHEAD
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [near.year - 1, near.year, near.year + 1]
    days = [one for one in (_day(each, int(month), int(number)) for each in years) if one]
    return min(days, key=lambda one: abs((one - near).days), default=None)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def wall(text: str) -> str | None:
    """17.30, 17:30, 1730 or 17 as "17:30"; midnight may be 24. None: unreadable."""
    match = WALL.fullmatch(text.strip().removeprefix("kl.").strip())
    if not match:
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    if (hours, minutes) == (24, 0):
        return "00:00"
    return f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else None


def number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def requirements(text: str) -> tuple[list[str], list[str]]:
    """Slugs of the proofs that a cell names, and the words that name none."""
    words = [word.strip() for word in re.split(r"[,;+]| og | and ", text) if word.strip()]
    known = {gettext(name).casefold(): slug for slug, (name, _may_expire) in QUALIFICATIONS.items()}
    found = [(word, known.get(word.casefold()) or named(word)) for word in words]
    slugs = list(dict.fromkeys(slug for _word, slug in found if slug))
    return slugs, [word for word, slug in found if not slug]


def requirement_words(slugs: list[str]) -> str:
    return ", ".join(requirement_names(slugs))


def requirement_names(slugs: list[str]) -> list[str]:
    return [gettext(QUALIFICATIONS[slug][0]) if slug in QUALIFICATIONS else slug for slug in slugs]


def known_requirements() -> list[str]:
    return requirement_names(list(QUALIFICATIONS))
