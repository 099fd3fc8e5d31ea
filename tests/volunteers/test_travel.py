"""A way that takes longer than the time for it is warned of; nothing is guessed of places that nobody knows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.volunteers.domain.eligibility import Engagement
from services.volunteers.domain.travel import Spot, minutes_between, warnings
from services.volunteers.models.places import spots_of
from tests.volunteers.town import Town, on

ASSENS, AARUP = Spot(55.2703, 9.9003), Spot(55.3723, 10.0459)
SPOTS = {"Assens": ASSENS, "Aarup": AARUP}
EIGHT, NOON = on("2027-08-14T08:00"), on("2027-08-14T12:00")


def elsewhere(starts: str, ends: str, place: str = "Aarup") -> Engagement:
    return Engagement(UUID(int=1), "Kaffe", place, on(f"2027-08-14T{starts}"), on(f"2027-08-14T{ends}"))


def slugs(*engagements: Engagement, place: str = "Assens") -> list[str]:
    return [warning.slug for warning in warnings(place, EIGHT, NOON, engagements, SPOTS)]


def test_the_way_is_measured_by_road_and_rounded_up() -> None:
    # 14.6 km as the crow flies, by a reckoning apart from ours: 19 km by road, 23 minutes, and 5 to park.
    assert minutes_between(ASSENS, AARUP) == minutes_between(AARUP, ASSENS) == 30
    assert minutes_between(ASSENS, ASSENS) == minutes_between(ASSENS, None) == minutes_between(None, AARUP) == 0


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ("06:00", "08:00", ["travel-before"]),  # back to back, which is allowed
        ("06:00", "07:31", ["travel-before"]),
        ("06:00", "07:30", []),  # just enough
        ("12:29", "13:00", ["travel-after"]),
        ("12:30", "13:00", []),
        ("09:00", "10:00", []),  # an overlap is a reason, not a warning
    ],
)
def test_only_too_little_time_is_warned_of(starts: str, ends: str, told: list[str]) -> None:
    assert slugs(elsewhere(starts, ends)) == told


def test_the_same_place_and_unknown_places_need_no_warning() -> None:
    assert slugs(elsewhere("06:00", "08:00", "Assens")) == []
    assert slugs(elsewhere("06:00", "08:00", "Et sted")) == []
    assert slugs(elsewhere("06:00", "08:00"), place="Et sted") == []


def test_the_warning_says_how_long_and_how_much_time_there_is() -> None:
    (warning,) = warnings("Assens", EIGHT, NOON, [elsewhere("06:00", "07:50")], SPOTS)
    assert warning.params == {"minutes": 30, "title": "Kaffe", "from_place": "Aarup", "gap": 10}


def test_only_places_with_coordinates_have_a_spot(town: Town) -> None:
    with town.database.begin() as session:
        session.connection().exec_driver_sql("INSERT INTO places VALUES ('Et sted', 'Assens', NULL, NULL)")
        found = spots_of(session, ["Assens", "Et sted", "Ukendt"])
    assert found == {"Assens": ASSENS}


def test_travel_is_short_of_the_reach_within_the_municipality() -> None:
    assert minutes_between(Spot(55.1, 9.8), Spot(55.5, 10.3)) < timedelta(hours=2).total_seconds() / 60
