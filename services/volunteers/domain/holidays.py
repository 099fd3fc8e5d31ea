"""Days on which few want to work: public holidays, and the schools' own as they were imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

PUBLIC = ("public", "optional")  # also 1 May, Constitution Day, Christmas Eve and New Year's Eve


@dataclass(frozen=True)
class SchoolBreak:
    """Both days included."""

    name: str
    first_day: date
    last_day: date


def public_holiday(day: date) -> str | None:
    """Its Danish name."""
    return _of_year(day.year).get(day)


def school_holiday(day: date, breaks: Sequence[SchoolBreak]) -> str | None:
    return next((one.name for one in breaks if one.first_day <= day <= one.last_day), None)


@cache
def _of_year(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("DK", years=year, categories=PUBLIC, language="da"))
