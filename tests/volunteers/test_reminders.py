"""Reminders: two days before, and on the morning; each once, and to nobody who has just signed up."""

from __future__ import annotations

import pytest

from services.volunteers.domain.on_the_day import TODAY, reminder_due, reminder_moments
from services.volunteers.reactions import remind
from shared.contracts.volunteers import ReminderDue
from tests.volunteers.on_the_day import crew, sign_up
from tests.volunteers.town import VILLAGE, Town, on


@pytest.mark.parametrize(
    ("starts", "morning"),
    [
        ("2027-08-14T17:30", "2027-08-14T07:00"),
        ("2027-08-14T09:00", "2027-08-14T07:00"),
        ("2027-08-14T08:59", "2027-08-14T06:59"),
        ("2027-08-14T01:00", "2027-08-13T23:00"),
        ("2027-10-31T08:00", "2027-10-31T06:00"),  # the clock was put back that night
        ("2027-03-28T04:00", "2027-03-28T01:00"),  # and forward: from 2 to 3
    ],
)
def test_the_morning_of_a_shift(starts: str, morning: str) -> None:
    assert reminder_moments(on(starts))[TODAY] == on(morning)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2027-08-12T17:29", ""),
        ("2027-08-12T17:30", "before"),
        ("2027-08-14T06:59", "before"),
        ("2027-08-14T07:00", "today"),
        ("2027-08-14T17:29", "today"),
        ("2027-08-14T17:30", ""),
    ],
)
def test_what_is_due_when(now: str, due: str) -> None:
    assert reminder_due(on("2027-08-14T17:30"), on(now)) == due


def told(town: Town) -> list[tuple[str, int]]:
    return [(one.when, len(one.person_ids)) for one in town.told(ReminderDue)]


def test_each_reminder_comes_once(town, moved_clock):
    sign_up(town, town.shift("2027-08-14T17:30"))
    remind(town.database)
    assert told(town) == []
    for moment in ("2027-08-12T18:00", "2027-08-13T12:00", "2027-08-14T07:05", "2027-08-14T12:00", "2027-08-14T18:00"):
        moved_clock(on(moment))
        remind(town.database)
        remind(town.database)
    assert told(town) == [("before", 1), ("today", 1)]


def test_who_signs_up_afterwards_is_reminded_on_the_day_alone(town, moved_clock):
    shift = town.shift("2027-08-14T17:30")
    early = sign_up(town, shift)
    moved_clock(on("2027-08-13T12:00"))
    remind(town.database)
    late = sign_up(town, shift)
    remind(town.database)
    moved_clock(on("2027-08-14T08:00"))
    remind(town.database)
    sign_up(town, shift)
    remind(town.database)
    told = town.told(ReminderDue)
    assert [(one.when, one.person_ids) for one in told[:1]] == [("before", (early.person_id,))]
    assert {(one.when, one.person_ids) for one in told[1:]} == {
        ("today", (early.person_id,)),
        ("today", (late.person_id,)),
    }
    assert len(told) == 3


def test_a_worker_that_was_away_two_days_reminds_once(town, moved_clock):
    sign_up(town, town.shift("2027-08-14T17:30"))
    moved_clock(on("2027-08-14T09:00"))
    remind(town.database)
    assert told(town) == [("today", 1)]


def test_nobody_is_reminded_of_what_is_cancelled_given_up_or_not_hers_yet(town, moved_clock):
    shift = town.shift("2027-08-14T17:30", state="published")
    away = sign_up(town, shift)
    sign_up(town, shift, town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE), places=2)
    sign_up(town, shift)  # in line
    moved_clock(on("2027-08-14T06:00"))
    seat = next(seat for seat in crew(town, shift)["seats"] if seat["person_id"] == str(away.person_id))
    released = town.coordinator().post(f"/shifts/{shift.id}/release", json={"sign_up_id": seat["sign_up_id"]})
    assert released.status_code == 200
    remind(town.database)
    assert told(town) == []
