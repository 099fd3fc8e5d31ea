"""Two agree and the rules hold for both, or nothing changes hands; however many answer at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete
from werkzeug.test import TestResponse

from services.volunteers.models import Shift, Swap
from services.volunteers.reactions import lapse_swaps
from shared.contracts import accounts
from shared.contracts.volunteers import (
    SignUpCancelled,
    SignUpConfirmed,
    SignUpOffered,
    SwapAnswered,
    SwapAsked,
    SwapLapsed,
)
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.crossing import at_once
from tests.volunteers.town import VILLAGE, Town, on, role


class Swapping:
    """People whom accounts knows by e-mail, and what they do."""

    def __init__(self, town: Town, hall: TownHall) -> None:
        self.town, self.hall = town, hall
        self.emails: dict[Any, str] = {}

    def person(self, name: str, born: str | None = "1980-05-17") -> Caller:
        email = self.hall.add(name)
        who = self.town.caller(natural_id("person", email), born=born)
        self.emails[who.person_id] = email
        return who

    def on(self, who: Caller, shift: Shift, **wish: Any) -> UUID:
        made = who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), **wish})
        assert made.status_code == 201, made.json
        return UUID(made.json["id"])

    def ask(self, who: Caller, sign_up_id: UUID, other: Caller, exchange: Shift | None = None) -> TestResponse:
        body = {"email": self.emails[other.person_id]}
        if exchange:
            body["in_exchange_shift_id"] = str(exchange.id)
        return who.post(f"/sign-ups/{sign_up_id}/swaps", json=body)

    def asked(self, *wish: Any) -> str:
        made = self.ask(*wish)
        assert made.status_code == 201, made.json
        swap_id: str = made.json["id"]
        return swap_id

    def answer(self, who: Caller, swap_id: str, agree: bool = True) -> TestResponse:
        return who.post(f"/swaps/{swap_id}/answer", json={"agree": agree})

    def crew(self, shift: Shift) -> set[UUID]:
        """Who has a seat; beside it, that the counters agree with the seats."""
        seats = self.town.query("SELECT person_id FROM seats WHERE shift_id = :id AND active", id=shift.id)
        counted = """SELECT taken, (SELECT coalesce(sum(places), 0) FROM sign_ups
            WHERE role_id = roles.id AND state IN ('confirmed', 'offered')) FROM roles WHERE shift_id = :id"""
        for taken, places in self.town.query(counted, id=shift.id):
            assert taken == places
        return {seat.person_id for seat in seats}


@pytest.fixture
def swapping(town: Town, town_hall: TownHall) -> Swapping:
    return Swapping(town, town_hall)


def test_one_takes_the_other_s_place(town: Town, swapping: Swapping) -> None:
    emma, noah, shift = swapping.person("Emma"), swapping.person("Noah"), town.shift(roles=[role(capacity=1)])
    mine = swapping.on(emma, shift)
    swap = swapping.asked(emma, mine, noah)
    [seen] = noah.get("/swaps").json["items"]
    assert (seen["id"], seen["state"], seen["may"], seen["mine"], seen["from_name"]) == (
        swap,
        "asked",
        True,
        False,
        "Emma",
    )
    assert [one["to_name"] for one in (seen, emma.get(f"/swaps/{swap}").json)] == ["Noah", ""]
    answer = swapping.answer(noah, swap)
    assert (answer.status_code, answer.json["state"]) == (200, "agreed")
    assert swapping.crew(shift) == {noah.person_id}
    assert [one["state"] for one in noah.get("/sign-ups").json["items"]] == ["confirmed"]
    assert emma.get("/sign-ups").json["items"] == []
    assert emma.get(f"/swaps/{swap}").json["to_name"] == "Noah"
    given = emma.get(f"/sign-ups/{mine}").json
    assert (given["state"], given["swapped"]) == ("cancelled", True)
    [asked], [answered] = town.told(SwapAsked), town.told(SwapAnswered)
    assert (asked.from_person_id, asked.to_person_id) == (emma.person_id, noah.person_id)
    assert answered.agreed
    assert [(one.person_id, one.how) for one in town.told(SignUpConfirmed)][1:] == [(noah.person_id, "swap")]
    [cancelled] = town.told(SignUpCancelled)
    assert (cancelled.person_id, cancelled.by) == (emma.person_id, "swap")


def test_two_shifts_at_the_same_time_can_be_exchanged(town: Town, swapping: Swapping) -> None:
    emma, noah = swapping.person("Emma"), swapping.person("Noah")
    kiosk, parking = town.shift(roles=[role(capacity=1)]), town.shift(title="Parkering", roles=[role(capacity=1)])
    mine, _ = swapping.on(emma, kiosk), swapping.on(noah, parking)
    swap = swapping.asked(emma, mine, noah, parking)
    assert swapping.answer(noah, swap).status_code == 200
    assert (swapping.crew(kiosk), swapping.crew(parking)) == ({noah.person_id}, {emma.person_id})


def test_two_roles_of_one_shift_can_be_exchanged(town: Town, swapping: Swapping) -> None:
    emma, noah = swapping.person("Emma"), swapping.person("Noah")
    shift = town.shift(roles=[role("Kiosk", 1), role("Grill", 1)])
    mine = swapping.on(emma, shift)
    swapping.on(noah, shift, role_id=str(shift.roles[1].id))
    assert swapping.answer(noah, swapping.asked(emma, mine, noah, shift)).status_code == 200
    rows = town.query("SELECT role_id, person_id FROM seats WHERE active")
    assert dict(rows) == {shift.roles[0].id: noah.person_id, shift.roles[1].id: emma.person_id}
    assert swapping.crew(shift) == {emma.person_id, noah.person_id}


def test_the_line_gets_nothing_of_a_swap(town: Town, swapping: Swapping) -> None:
    emma, noah, ida = swapping.person("Emma"), swapping.person("Noah"), swapping.person("Ida")
    shift = town.shift(roles=[role(capacity=1)])
    mine = swapping.on(emma, shift)
    swapping.on(ida, shift)
    swapping.on(noah, shift)
    assert swapping.answer(noah, swapping.asked(emma, mine, noah)).status_code == 200
    assert swapping.crew(shift) == {noah.person_id}
    assert town.told(SignUpOffered) == []
    [(waiting,)] = town.query("SELECT waiting FROM roles")
    assert waiting == 1  # Ida; Noah has left the line


def test_a_no_changes_nothing_but_the_swap(town: Town, swapping: Swapping) -> None:
    emma, noah, shift = swapping.person("Emma"), swapping.person("Noah"), town.shift()
    swap = swapping.asked(emma, swapping.on(emma, shift), noah)
    assert swapping.answer(noah, swap, agree=False).json["state"] == "declined"
    assert swapping.crew(shift) == {emma.person_id}
    assert [one.agreed for one in town.told(SwapAnswered)] == [False]
    assert slugs(swapping.answer(noah, swap)) == ["swap-over"]


def test_who_is_asked_hears_all_her_own_reasons_and_none_of_the_other_s(town: Town, swapping: Swapping) -> None:
    emma, noah = swapping.person("Emma"), swapping.person("Noah", born="2014-01-01")
    driving = town.shift(roles=[role("Chauffør", 1, 1, "trailerkort")], minimum_age=18)
    elsewhere = town.shift("2027-08-14T09:00", title="Kaffe")
    first_aid = town.shift("2027-08-15T09:00", roles=[role("Samarit", 1, 1, "foerstehjaelp")])
    town.qualify(emma.person_id, "trailerkort")
    town.qualify(emma.person_id, "foerstehjaelp")
    town.qualify(noah.person_id, "foerstehjaelp")
    mine = swapping.on(emma, driving)
    swapping.on(noah, elsewhere)
    swapping.on(noah, first_aid)
    swap = swapping.asked(emma, mine, noah, first_aid)
    town.tell(accounts.QualificationEnded(emma.person_id, "foerstehjaelp"))
    refused = swapping.answer(noah, swap)
    assert refused.status_code == 409
    assert slugs(refused) == ["too-young", "missing-trailerkort", "overlap", "other-unfit"]
    [seen], [own] = noah.get("/swaps").json["items"], emma.get("/swaps").json["items"]
    assert [reason["slug"] for reason in seen["reasons"]] == slugs(refused)
    assert seen["may"] is False
    assert [reason["slug"] for reason in own["reasons"]] == ["missing-foerstehjaelp"]
    assert swapping.crew(driving) == {emma.person_id}


def test_asking_is_refused_with_all_reasons(town: Town, swapping: Swapping) -> None:
    emma, noah, ida = swapping.person("Emma"), swapping.person("Noah"), swapping.person("Ida")
    full, hers = town.shift(roles=[role(capacity=1)]), town.shift("2027-08-20T08:00", minimum_age=60)
    swapping.on(ida, full)
    waits = swapping.on(emma, full)
    assert slugs(swapping.ask(emma, waits, emma)) == ["swap-without-place", "swap-with-oneself"]
    assert slugs(swapping.ask(emma, waits, noah, hers)) == ["swap-without-place", "too-young"]
    with_child = swapping.on(emma, town.shift("2027-08-21T08:00"), with_child=True, child_age=8)
    assert slugs(swapping.ask(emma, with_child, noah)) == ["swap-with-child"]
    draft = town.shift("2027-08-23T08:00", state="draft")
    mine = swapping.on(emma, town.shift("2027-08-22T08:00"))
    refused = swapping.ask(emma, mine, noah, draft)
    assert slugs(refused) == ["unknown-shift"]
    assert refused.json["reasons"][0]["field"] == "in_exchange_shift_id"
    swapping.asked(emma, mine, noah)
    assert slugs(swapping.ask(emma, mine, ida)) == ["already-asked"]
    assert town.query("SELECT count(*) FROM swaps") == [(1,)]


def test_nobody_is_asked_again_and_again(town: Town, swapping: Swapping) -> None:
    emma, noah = swapping.person("Emma"), swapping.person("Noah")
    mine = swapping.on(emma, town.shift())
    for _ in range(5):
        emma.post(f"/swaps/{swapping.asked(emma, mine, noah)}/withdraw")
    assert slugs(swapping.ask(emma, mine, noah)) == ["asked-often"]


def test_who_asks_cannot_tell_whether_the_address_has_an_account_or_a_place(town: Town, swapping: Swapping) -> None:
    """Ida has the other place and gives it up, Noah has an account, and nobody has the third address."""
    emma, noah, ida, nobody = swapping.person("Emma"), swapping.person("Noah"), swapping.person("Ida"), town.caller()
    swapping.emails[nobody.person_id] = "ingen@kommunity.example"
    other, mine = town.shift("2027-08-20T08:00"), swapping.on(emma, town.shift())
    idas = swapping.on(ida, other)
    seen = []
    for who in (ida, noah, nobody):
        for exchange in (None, other):
            answers = [swapping.ask(emma, mine, who, exchange)]
            swap = answers[0].json["id"]
            if who is ida and exchange:
                ida.post(f"/sign-ups/{idas}/cancel", version=1, json={})
            lapse_swaps(town.database)
            answers += [emma.get(f"/swaps/{swap}"), emma.get(f"/sign-ups/{mine}")]
            seen.append([(answer.status_code, _but_id_and_time(answer.json, swap)) for answer in answers])
            assert emma.post(f"/swaps/{swap}/withdraw").status_code == 200
        with town.database.begin() as session:
            session.execute(delete(Swap))  # so that nobody is asked too often
    assert seen[0] == seen[2] == seen[4]
    assert seen[1] == seen[3] == seen[5]
    assert str(ida.person_id) not in str(seen)
    assert {event.to_person_id for event in town.told(SwapAsked)} == {ida.person_id, noah.person_id}


def _but_id_and_time(answer: Any, swap: str) -> str:
    return str({name: value for name, value in answer.items() if name != "asked_at"}).replace(swap, "…")


def test_who_is_asked_for_a_place_that_she_has_not_hears_so(town: Town, swapping: Swapping) -> None:
    emma, noah = swapping.person("Emma"), swapping.person("Noah")
    other, mine = town.shift("2027-08-20T08:00"), swapping.on(emma, town.shift())
    swap = swapping.asked(emma, mine, noah, other)
    assert [reason["slug"] for reason in noah.get(f"/swaps/{swap}").json["reasons"]] == ["not-there"]
    assert slugs(swapping.answer(noah, swap)) == ["not-there"]
    assert swapping.answer(noah, swap, agree=False).json["state"] == "declined"


def test_both_are_told_of_a_swap_that_lapses_by_itself(town: Town, swapping: Swapping) -> None:
    emma, noah, nobody = swapping.person("Emma"), swapping.person("Noah"), town.caller()
    swapping.emails[nobody.person_id] = "ingen@kommunity.example"
    for who in (noah, nobody):
        mine = swapping.on(emma, town.shift())
        swapping.asked(emma, mine, who)
        emma.post(f"/sign-ups/{mine}/cancel", version=1, json={})
    for _ in range(2):
        lapse_swaps(town.database)
    lapsed = [(event.from_person_id, event.to_person_id) for event in town.told(SwapLapsed)]
    assert sorted(lapsed, key=str) == sorted([(emma.person_id, noah.person_id), (emma.person_id, None)], key=str)


def test_a_swap_lapses_when_the_shift_that_is_wished_for_begins(
    town: Town, swapping: Swapping, moved_clock: Any
) -> None:
    emma, noah = swapping.person("Emma"), swapping.person("Noah")
    soon, later = town.shift("2027-08-14T08:00"), town.shift("2027-08-20T08:00")
    swapping.on(noah, soon)
    swap = swapping.asked(emma, swapping.on(emma, later), noah, soon)
    lapse_swaps(town.database)
    assert noah.get(f"/swaps/{swap}").json["state"] == "asked"
    moved_clock(on("2027-08-14T08:00"))
    lapse_swaps(town.database)
    assert noah.get(f"/swaps/{swap}").json["state"] == "lapsed"


def test_a_group_s_places_are_not_swapped(town: Town, swapping: Swapping) -> None:
    noah = swapping.person("Noah")
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    assert slugs(swapping.ask(chair, swapping.on(chair, town.shift(), places=2), noah)) == ["swap-of-group"]


def test_nobody_but_the_two_sees_or_touches_a_swap(town: Town, swapping: Swapping) -> None:
    emma, noah, ida = swapping.person("Emma"), swapping.person("Noah"), swapping.person("Ida")
    mine = swapping.on(emma, town.shift())
    assert swapping.ask(ida, mine, noah).status_code == 404
    swap = swapping.asked(emma, mine, noah)
    assert ida.get("/swaps").json["items"] == []
    assert ida.get(f"/swaps/{swap}").status_code == 404
    for who in (ida, emma, town.coordinator()):  # who asked cannot agree for the other either
        assert swapping.answer(who, swap).status_code == 404
    for who in (ida, noah):
        assert who.post(f"/swaps/{swap}/withdraw").status_code == 404
    assert emma.post(f"/swaps/{swap}/withdraw").json["state"] == "lapsed"
    assert slugs(swapping.answer(noah, swap)) == ["swap-over"]


def test_a_place_that_was_given_up_cannot_be_swapped_any_more(town: Town, swapping: Swapping) -> None:
    emma, noah, shift = swapping.person("Emma"), swapping.person("Noah"), town.shift()
    mine = swapping.on(emma, shift)
    swap = swapping.asked(emma, mine, noah)
    emma.post(f"/sign-ups/{mine}/cancel", version=1, json={})
    assert slugs(swapping.answer(noah, swap)) == ["swap-gone"]
    lapse_swaps(town.database)
    assert noah.get("/swaps").json["items"][0]["state"] == "lapsed"
    assert swapping.crew(shift) == set()


def test_what_else_was_asked_about_a_place_lapses_with_it(town: Town, swapping: Swapping) -> None:
    emma, noah, ida = swapping.person("Emma"), swapping.person("Noah"), swapping.person("Ida")
    one, other = town.shift(), town.shift("2027-08-20T08:00")
    emmas, noahs, idas = swapping.on(emma, one), swapping.on(noah, other), swapping.on(ida, one)
    first, second = swapping.asked(emma, emmas, noah, other), swapping.asked(ida, idas, noah, other)
    third = swapping.asked(noah, noahs, ida)
    assert swapping.answer(noah, first).status_code == 200
    states = {str(row.id): row.state for row in town.query("SELECT id, state FROM swaps")}
    assert states == {first: "agreed", second: "asked", third: "lapsed"}
    assert "swap-gone" in slugs(swapping.answer(noah, second))  # Ida learns only that there was no yes


def test_two_swaps_of_the_same_place_answered_at_once_have_one_outcome(town: Town, swapping: Swapping) -> None:
    """Emma gives Noah her place; Ida, who was asked to exchange hers for it, agrees at the same moment."""
    emma, noah, ida = swapping.person("Emma"), swapping.person("Noah"), swapping.person("Ida")
    one, other = town.shift(roles=[role(capacity=2)]), town.shift("2027-08-20T08:00", roles=[role(capacity=2)])
    emmas, idas = swapping.on(emma, one), swapping.on(ida, other)
    given = swapping.asked(emma, emmas, noah)
    exchanged = swapping.asked(ida, idas, emma, one)
    answers = at_once(town, lambda: swapping.answer(noah, given), lambda: swapping.answer(emma, exchanged))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    if answers[0].status_code == 200:
        assert (swapping.crew(one), swapping.crew(other)) == ({noah.person_id}, {ida.person_id})
    else:
        assert (swapping.crew(one), swapping.crew(other)) == ({ida.person_id}, {emma.person_id})


def test_a_swap_answered_while_the_place_is_given_up_has_one_outcome(town: Town, swapping: Swapping) -> None:
    emma, noah, shift = swapping.person("Emma"), swapping.person("Noah"), town.shift(roles=[role(capacity=1)])
    mine = swapping.on(emma, shift)
    swap = swapping.asked(emma, mine, noah)
    answers = at_once(
        town, lambda: swapping.answer(noah, swap), lambda: emma.post(f"/sign-ups/{mine}/cancel", version=1, json={})
    )
    swapped, given_up = (answer.status_code for answer in answers)
    assert (swapped, given_up) in ((200, 412), (409, 200))
    assert swapping.crew(shift) == ({noah.person_id} if swapped == 200 else set())


def test_who_takes_something_else_while_she_agrees_is_in_one_place(town: Town, swapping: Swapping) -> None:
    emma, noah, shift, other = swapping.person("Emma"), swapping.person("Noah"), town.shift(), town.shift()
    swap = swapping.asked(emma, swapping.on(emma, shift), noah)
    taking = {"role_id": str(other.roles[0].id)}
    answers = at_once(
        town, lambda: swapping.answer(noah, swap), lambda: noah.post(f"/shifts/{other.id}/sign-ups", json=taking)
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 409], [201, 409])
    assert len([crew for crew in (swapping.crew(shift), swapping.crew(other)) if noah.person_id in crew]) == 1
    assert emma.person_id in swapping.crew(shift) or noah.person_id in swapping.crew(shift)


def test_crossing_swaps_do_not_wait_in_a_circle(town: Town, swapping: Swapping) -> None:
    """Many pairs exchange between the same two shifts, in both directions at once."""
    one, other = town.shift(roles=[role(capacity=12)]), town.shift("2027-08-20T08:00", roles=[role(capacity=12)])
    calls = []
    for number in range(6):
        left, right = swapping.person(f"L{number}"), swapping.person(f"R{number}")
        lefts, rights = swapping.on(left, one), swapping.on(right, other)
        asks = (left, lefts, right, other) if number % 2 else (right, rights, left, one)
        swap = swapping.asked(*asks)
        calls.append(lambda who=asks[2], swap=swap: swapping.answer(who, swap))
    before = swapping.crew(one), swapping.crew(other)
    assert {answer.status_code for answer in at_once(town, *calls)} == {200}
    assert (swapping.crew(other), swapping.crew(one)) == before
