"""Too few so long before the start: the coordinator is warned, and those who fit and are free are asked, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.volunteers.models import Shift
from services.volunteers.reactions import check_crews
from shared.contracts.volunteers import ShiftUnderstaffed, VolunteerAsked
from tests.support.client import Caller
from tests.volunteers.plans import plan, saved
from tests.volunteers.town import Town, on, role


def join(who: Caller, shift: Shift) -> None:
    answer = who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id)})
    assert answer.status_code == 201, answer.json


def known(town: Town, born: str = "1980-05-17") -> Caller:
    """Somebody who took a shift before."""
    who = town.caller(born=born)
    join(who, town.shift("2027-08-02T08:00"))
    return who


def asked(town: Town) -> list[Any]:
    return [event.person_id for event in town.told(VolunteerAsked)]


def test_two_days_before_the_start_the_crew_is_counted(town: Town, moved_clock: Any) -> None:
    shift = town.shift(roles=[role(minimum=2)])
    check_crews(town.database)
    assert town.told(ShiftUnderstaffed) == []
    moved_clock(on("2027-08-12T08:00"))
    for _ in range(2):
        check_crews(town.database)
    (event,) = town.told(ShiftUnderstaffed)
    assert (event.shift_id, event.taken, event.minimum) == (shift.id, 0, 2)


def test_a_crew_that_is_large_enough_is_left_alone(town: Town, moved_clock: Any) -> None:
    join(town.caller(), town.shift(roles=[role(minimum=1)]))
    moved_clock(on("2027-08-13T08:00"))
    check_crews(town.database)
    assert town.told(ShiftUnderstaffed, VolunteerAsked) == []


def test_only_those_who_fit_are_free_and_want_to_be_asked_are_asked(town: Town, moved_clock: Any) -> None:
    fits, _child, busy, quiet, here = (known(town, born) for born in ("1980-01-01", "2014-01-01", *["1990-01-01"] * 3))
    shift = town.shift(roles=[role(capacity=4, minimum=4)], minimum_age=15)
    join(busy, town.shift("2027-08-14T10:00", title="Samtidig"))
    join(here, shift)
    assert quiet.patch("/preferences", version=1, json={"may_be_asked": False}).status_code == 200
    moved_clock(on("2027-08-13T08:00"))
    check_crews(town.database)
    assert asked(town) == [fits.person_id]


def test_who_volunteered_last_is_asked_first(town: Town, moved_clock: Any) -> None:
    first = known(town)
    moved_clock(on("2027-08-01T10:00"))
    second = known(town)
    town.shift(roles=[role(minimum=2)])
    moved_clock(on("2027-08-13T08:00"))
    check_crews(town.database)
    assert asked(town) == [second.person_id, first.person_id]


def test_a_shift_moved_to_later_is_counted_anew_but_nobody_is_asked_twice(town: Town, moved_clock: Any) -> None:
    sofie, mette = town.coordinator(), known(town)
    town.shift(roles=[role(minimum=2)])
    moved_clock(on("2027-08-13T08:00"))
    check_crews(town.database)
    saved(sofie, *[{**row, "day": "2027-08-21"} for row in plan(sofie)])
    moved_clock(on("2027-08-20T08:00"))
    check_crews(town.database)
    assert len(town.told(ShiftUnderstaffed)) == 2
    assert asked(town) == [mette.person_id]


def test_coming_shifts_with_too_few_are_listed(town: Town) -> None:
    lacking = town.shift(roles=[role(minimum=1), role("Chauffør", 2, 2)])
    enough = town.shift("2027-08-15T08:00", roles=[role(minimum=1)])
    town.shift(starts_at=on("2027-07-31T08:00"), ends_at=on("2027-07-31T08:00") + timedelta(hours=2))
    join(town.caller(), enough)
    join(town.caller(), lacking)
    (item,) = town.coordinator().get("/understaffed").json["items"]
    assert (item["id"], item["taken"], item["minimum"]) == (str(lacking.id), 1, 3)
