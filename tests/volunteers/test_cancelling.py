"""Published, closed, cancelled, held: what becomes of a shift, and of those who were on it."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.volunteers.models import Series, Shift
from services.volunteers.reactions import hold_past_shifts
from shared.contracts.volunteers import ShiftCancelled, ShiftPublished, SignUpCancelled, SignUpOffered
from tests.support.client import Caller, slugs
from tests.volunteers.plans import Json
from tests.volunteers.town import Town, on, role


def join(who: Caller, shift: Shift) -> Json:
    answer = who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id)})
    assert answer.status_code == 201, answer.json
    made: Json = answer.json
    return made


def cancel(who: Caller, *shifts: Shift, reason: str = "Der er varslet storm.") -> Any:
    return who.post("/shifts/cancel", json={"ids": [str(shift.id) for shift in shifts], "reason": reason})


def states(town: Town, table: str = "shifts") -> list[str]:
    return [row.state for row in town.query(f"SELECT state FROM {table} ORDER BY state")]


def test_everybody_on_a_cancelled_shift_is_told_once_and_free_again(town: Town) -> None:
    sofie, people = town.coordinator(), [town.caller() for _ in range(3)]
    shift = town.shift(roles=[role(capacity=2)])
    for who in people:
        join(who, shift)
    answer = cancel(sofie, shift)
    assert (answer.status_code, answer.json["told"]) == (200, 3)
    (event,) = town.told(ShiftCancelled)
    assert set(event.person_ids) == {who.person_id for who in people}
    assert town.told(SignUpCancelled, SignUpOffered) == []
    assert states(town, "sign_ups") == ["released"] * 3
    assert town.query("SELECT taken, waiting FROM roles") == [(0, 0)]
    join(people[0], town.shift(title="En anden"))


def test_nobody_sits_on_a_cancelled_shift_guests_neither(town: Town, moved_clock: Any) -> None:
    sofie, shift = town.coordinator(), town.shift()
    mine = join(town.caller(), shift)
    moved_clock(on("2027-08-14T08:30"))
    (seat,) = town.query("SELECT id FROM seats WHERE sign_up_id = :id", id=mine["id"])
    guest = sofie.post(f"/shifts/{shift.id}/walk-ins", json={"role_id": str(shift.roles[0].id)})
    assert guest.status_code == 201
    for attendance in ("absent", "present"):
        sofie.post(f"/seats/{seat.id}/attendance", json={"attendance": attendance})
    assert cancel(sofie, shift).status_code == 200
    assert town.query("SELECT active, count(*) FROM seats GROUP BY active") == [(False, 2)]
    assert town.query("SELECT taken FROM roles") == [(0,)]


def test_cancelling_again_tells_nobody_again(town: Town) -> None:
    sofie, shift = town.coordinator(), town.shift()
    join(town.caller(), shift)
    assert [cancel(sofie, shift).json["told"] for _ in range(2)] == [1, 0]
    assert len(town.told(ShiftCancelled)) == 1


def test_a_calendar_hears_of_it(town: Town) -> None:
    shift = town.shift()
    cancel(town.coordinator(), shift)
    assert town.query("SELECT sequence, cancel_reason FROM shifts") == [(1, "Der er varslet storm.")]


@pytest.mark.parametrize("reason", ["", "   ", "!?", "12"])
def test_a_reason_is_needed_in_words(town: Town, reason: str) -> None:
    refused = cancel(town.coordinator(), town.shift(), reason=reason)
    assert (refused.status_code, slugs(refused)) == (409, ["reason-missing"])


def test_of_several_shifts_all_are_cancelled_or_none(town: Town) -> None:
    sofie = town.coordinator()
    coming, draft, over = town.shift(), town.shift(state="draft"), town.shift("2027-07-20T08:00", state="held")
    refused = cancel(sofie, coming, draft, over)
    assert [(one["field"], one["slug"]) for one in refused.json["reasons"]] == [
        ("ids.1", "shift-draft"),
        ("ids.2", "shift-over"),
    ]
    assert states(town) == ["draft", "held", "published"]
    unknown = sofie.post("/shifts/cancel", json={"ids": [str(coming.id), str(uuid4())], "reason": "Storm"})
    assert (unknown.status_code, states(town)) == (404, ["draft", "held", "published"])


@pytest.fixture
def series(town: Town) -> list[Shift]:
    """A held one, three that come, and a draft; and a shift beside them that is no part of it."""
    with town.database.begin() as session:
        made = Series(
            weekdays=[5],
            every_weeks=1,
            first_day=date(2027, 7, 24),
            last_day=date(2027, 8, 28),
            starts=time(8),
            ends=time(12),
            in_school_holidays="also",
            on_public_holidays=True,
            created_by=uuid4(),
            created_at=on("2027-07-01T08:00"),
        )
        session.add(made)
    town.shift("2027-08-14T08:00", title="En anden")
    days = {"2027-07-24": "held", **dict.fromkeys(("2027-08-07", "2027-08-14", "2027-08-21"), "published")}
    states = {**days, "2027-08-28": "draft"}
    return [town.shift(f"{day}T08:00", state=state, series_id=made.id) for day, state in states.items()]


@pytest.mark.parametrize(("scope", "called_off"), [("one", [2]), ("following", [2, 3]), ("all", [1, 2, 3])])
def test_the_rest_of_a_series_is_called_off_with_one_of_it(
    town: Town, series: list[Shift], scope: str, called_off: list[int]
) -> None:
    anna = town.caller()
    for shift in series[1:4]:
        join(anna, shift)
    body = {"ids": [str(series[2].id)], "reason": "Der er varslet storm.", "scope": scope}
    answer = town.coordinator().post("/shifts/cancel", json=body)
    assert (answer.status_code, answer.json["told"]) == (200, 1)
    gone = {row.id for row in town.query("SELECT id FROM shifts WHERE state = 'cancelled'")}
    assert gone == {series[number].id for number in called_off} == {UUID(one) for one in answer.json["ids"]}


def test_the_rest_of_a_series_goes_with_one_shift_only(town: Town, series: list[Shift]) -> None:
    body = {"ids": [str(shift.id) for shift in series[1:3]], "reason": "Storm", "scope": "all"}
    assert town.coordinator().post("/shifts/cancel", json=body).status_code == 422


def test_drafts_are_published_together_and_only_once(town: Town) -> None:
    sofie = town.coordinator()
    ids = [str(town.shift(state="draft").id), str(town.shift(state="published").id)]
    assert [sofie.post("/shifts/publish", json={"ids": ids}).status_code for _ in range(2)] == [200, 200]
    assert [str(event.shift_id) for event in town.told(ShiftPublished)] == ids[:1]


def test_what_should_have_begun_or_is_called_off_is_not_published(town: Town) -> None:
    ids = [str(town.shift("2027-07-31T08:00", state="draft").id), str(town.shift(state="cancelled").id)]
    refused = town.coordinator().post("/shifts/publish", json={"ids": ids})
    assert (refused.status_code, slugs(refused)) == (409, ["past", "shift-ended"])
    assert states(town) == ["cancelled", "draft"]


def test_a_closed_shift_takes_nobody_until_it_is_opened_again(town: Town) -> None:
    sofie, shift = town.coordinator(), town.shift()
    closed = sofie.post(f"/shifts/{shift.id}/close", version=1)
    assert (closed.json["state"], closed.headers["ETag"]) == ("closed", '"2"')
    refused = town.caller().post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id)})
    assert slugs(refused) == ["shift-closed"]
    assert sofie.post(f"/shifts/{shift.id}/reopen", version=1).status_code == 412
    assert sofie.post(f"/shifts/{shift.id}/reopen", version=2).json["state"] == "published"
    join(town.caller(), shift)


def test_only_a_draft_is_deleted(town: Town) -> None:
    sofie = town.coordinator()
    draft, published = town.shift(state="draft"), town.shift()
    assert sofie.delete(f"/shifts/{draft.id}", version=1).status_code == 204
    refused = sofie.delete(f"/shifts/{published.id}", version=1)
    assert (refused.status_code, slugs(refused)) == (409, ["not-a-draft"])
    assert states(town) == ["published"]


def test_a_shift_that_is_over_is_held_and_its_line_ends_in_silence(town: Town, moved_clock: Any) -> None:
    shift, mette, ali = town.shift(roles=[role(capacity=1)]), town.caller(), town.caller()
    later = town.shift("2027-08-14T10:00", 8)
    join(mette, shift), join(ali, shift)
    told = len(town.told())
    moved_clock(on("2027-08-14T12:00"))
    hold_past_shifts(town.database)
    assert town.query("SELECT state FROM shifts WHERE id = :id", id=later.id) == [("published",)]
    assert town.query("SELECT state FROM shifts WHERE id = :id", id=shift.id) == [("held",)]
    assert states(town, "sign_ups") == ["confirmed", "lapsed"]
    assert town.query("SELECT taken, waiting FROM roles WHERE shift_id = :id", id=shift.id) == [(1, 0)]
    assert len(town.told()) == told
