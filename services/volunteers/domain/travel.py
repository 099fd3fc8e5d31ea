"""How long it takes from one place to the next: a warning beside a sign-up, never a reason against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from services.volunteers.domain.eligibility import Engagement
from shared.errors import N_, Reason

EARTH_KM = 6371
ROADS = 1.3  # times as long as the crow flies
SPEED_KMH = 50
PARKING_MIN = 5
REACH = timedelta(hours=2)  # engagements further off need no look: no way within the country's towns takes longer


class Spot(NamedTuple):
    """Degrees in WGS 84."""

    latitude: float
    longitude: float


def minutes_between(one: Spot | None, other: Spot | None) -> int:
    """By car, rounded up to 5 minutes. 0 where a place is unknown, or both are the same."""
    if one is None or other is None or one == other:
        return 0
    minutes = _km(one, other) * ROADS / SPEED_KMH * 60 + PARKING_MIN
    return ceil(minutes / 5) * 5


def warnings(
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    engagements: Iterable[Engagement],
    spots: Mapping[str, Spot],
) -> list[Reason]:
    """For each engagement so shortly before or after that the way is longer than the time for it.

    `engagements`: those that touch the work and REACH around it; what overlaps it is a reason elsewhere.
    """
    return [warning for other in engagements for warning in _too_short(place, starts_at, ends_at, other, spots)]


def _too_short(
    place: str, starts_at: datetime, ends_at: datetime, other: Engagement, spots: Mapping[str, Spot]
) -> Iterator[Reason]:
    needed = minutes_between(spots.get(place), spots.get(other.place))
    params = {"minutes": needed, "title": other.title}
    before, after = _minutes(starts_at - other.ends_at), _minutes(other.starts_at - ends_at)
    if 0 <= before < needed:
        text = N_(
            "Der er ca. {minutes} minutter fra {from_place}, hvor du er med i “{title}” – du har {gap}. "
            "Sig til tovholderen, hvis du kommer lidt senere."
        )
        yield Reason("travel-before", text, None, params | {"from_place": other.place, "gap": before})
    if 0 <= after < needed:
        text = N_(
            "Der er ca. {minutes} minutter til {to_place}, hvor du er med i “{title}” bagefter – du har {gap}. "
            "Sig til tovholderen, hvis du går lidt før."
        )
        yield Reason("travel-after", text, None, params | {"to_place": other.place, "gap": after})


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _km(one: Spot, other: Spot) -> float:
    """The great circle between them (haversine)."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = sin(radians(other.longitude - one.longitude) / 2) ** 2
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * across
    return 2 * EARTH_KM * asin(sqrt(half))
