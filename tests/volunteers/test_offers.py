"""A place that frees goes to the next in line who fits, for as long as there is time to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from services.volunteers.commands import line as line_of_role
from services.volunteers.commands.offers import lapse, unanswered_offers
from services.volunteers.domain.answers import against_accepting
from services.volunteers.domain.offers import is_late, may_be_offered, offer_until
from services.volunteers.models import Shift
from services.volunteers.reactions import fill_lines, lapse_offers
from shared import clock
from shared.contracts import accounts
from shared.contracts.volunteers import SignUpConfirmed, SignUpLapsed, SignUpOffered
from tests.support.client import Caller, slugs
from tests.volunteers.test_sign_ups import counters, join, leave
from tests.volunteers.town import VILLAGE, Town, on, role

Clock = Callable[[datetime], None]


@pytest.mark.parametrize(
    ("now", "starts", "until"),
    [
        ("2027-08-01T07:00", "2027-08-09T07:00", "2027-08-02T16:00"),  # 8 days: 24 h, of which none at night
        ("2027-08-02T08:00", "2027-08-05T08:00", "2027-08-02T16:00"),  # 3 days: 8 h
        ("2027-08-02T18:00", "2027-08-05T08:00", "2027-08-03T11:00"),
        ("2027-08-02T08:00", "2027-08-04T08:00", "2027-08-02T11:00"),  # 48 h to the minute: 3 h
        ("2027-08-02T08:00", "2027-08-02T20:00", "2027-08-02T09:00"),  # today: 1 h
        ("2027-08-02T08:00", "2027-08-02T14:00", "2027-08-02T08:20"),  # 6 h to the minute: 20 min
        ("2027-08-02T08:00", "2027-08-02T08:15", "2027-08-02T08:15"),  # never after the start
        ("2027-08-02T21:00", "2027-08-05T08:00", "2027-08-03T14:00"),
        ("2027-08-02T21:50", "2027-08-03T12:00", "2027-08-03T07:50"),  # at noon: the night does not count
        ("2027-08-02T21:50", "2027-08-03T11:59", "2027-08-02T22:50"),  # before noon: it does
        ("2027-08-02T23:00", "2027-08-04T07:00", "2027-08-03T10:00"),  # this night not, though the next one would
        ("2027-08-03T03:00", "2027-08-03T08:00", "2027-08-03T03:20"),
        ("2027-08-02T22:00", "2027-08-02T23:00", "2027-08-02T22:20"),  # a shift in the night itself
        ("2027-08-02T14:00", "2027-08-05T08:00", "2027-08-02T22:00"),  # to the minute before the night
        ("2027-10-30T21:00", "2027-11-20T08:00", "2027-11-01T15:00"),  # the night with an hour more
        ("2027-03-27T21:00", "2027-04-20T08:00", "2027-03-29T15:00"),  # the night with an hour less
    ],
)
def test_the_time_to_answer_is_shorter_as_the_shift_nears_and_nights_do_not_count(
    now: str, starts: str, until: str
) -> None:
    assert clock.local(offer_until(on(now), on(starts))) == clock.local(on(until))


class Holder(NamedTuple):
    who: Caller
    sign_up: dict[str, Any]


def full(town: Town, *line: Caller, capacity: int = 1) -> tuple[Shift, Holder, list[dict[str, Any]]]:
    """A full shift, one who is in, and the sign-ups of those in line."""
    shift = town.shift(roles=[role(capacity=capacity)])
    people = [town.caller() for _ in range(capacity)]
    holders = [Holder(who, join(who, shift).json) for who in people]
    return shift, holders[0], [join(who, shift).json for who in line]


def free_one(holder: Holder) -> None:
    assert leave(holder.who, holder.sign_up).status_code == 200


def states(town: Town, shift: Shift) -> list[str]:
    """Of those who are or were in line, in its order."""
    rows = town.query(
        "SELECT state FROM sign_ups WHERE shift_id = :id AND line_number > 0 ORDER BY line_number", id=shift.id
    )
    return [row.state for row in rows]


def answer(who: Caller, sign_up: dict[str, Any], word: str, version: int = 2) -> Any:
    return who.post(f"/sign-ups/{sign_up['id']}/{word}", version=version)


def test_a_freed_place_is_offered_to_the_next_and_kept_for_her(town: Town) -> None:
    first, second, newcomer = town.caller(), town.caller(), town.caller()
    shift, holder, line = full(town, first, second)
    free_one(holder)
    (offer,) = town.told(SignUpOffered)
    assert (offer.person_id, offer.offer_number) == (first.person_id, 1)
    assert abs(offer.offer_until - on("2027-08-02T18:00")) < timedelta(minutes=1)
    assert counters(town, shift) == [(1, 1)]
    assert join(newcomer, shift, accept_waiting=False).json["slug"] == "full"
    assert answer(first, line[0], "accept").json["state"] == "confirmed"
    assert [event.how for event in town.told(SignUpConfirmed)] == ["direct", "offer"]
    assert states(town, shift) == ["confirmed", "waiting"]
    assert counters(town, shift) == [(1, 1)]


def test_a_no_leaves_the_line_and_the_next_is_offered_the_place(town: Town) -> None:
    first, second = town.caller(), town.caller()
    shift, holder, line = full(town, first, second)
    free_one(holder)
    assert answer(first, line[0], "decline").json["state"] == "declined"
    assert states(town, shift) == ["declined", "offered"]
    assert [event.declined for event in town.told(SignUpLapsed)] == [True]
    assert slugs(answer(first, line[0], "accept", 3)) == ["sign-up-ended"]


def test_an_offer_lapses_at_its_time_and_goes_on(town: Town, moved_clock: Clock) -> None:
    first, second = town.caller(), town.caller()
    shift, holder, line = full(town, first, second)
    free_one(holder)
    (offer,) = town.told(SignUpOffered)
    moved_clock(offer.offer_until - timedelta(minutes=1))
    lapse_offers(town.database)
    assert states(town, shift) == ["offered", "waiting"]
    moved_clock(offer.offer_until)
    refused = answer(first, line[0], "accept")
    assert (refused.status_code, slugs(refused)) == (409, ["offer-lapsed"])
    lapse_offers(town.database)
    lapse_offers(town.database)
    assert states(town, shift) == ["lapsed", "offered"]
    assert [event.declined for event in town.told(SignUpLapsed)] == [False]
    assert counters(town, shift) == [(1, 0)]


def test_a_yes_that_came_before_the_job_stands(town: Town, moved_clock: Clock) -> None:
    """The job has seen that the time is up, and then waits for the lock behind an answer that was in time."""
    first = town.caller()
    shift, holder, line = full(town, first)
    free_one(holder)
    (offer,) = town.told(SignUpOffered)
    with town.database.read() as session:
        assert unanswered_offers(session, offer.offer_until) == [offer.sign_up_id]
    answer(first, line[0], "accept")
    with town.database.begin() as session:
        lapse(session, offer.sign_up_id, offer.offer_until)
    assert states(town, shift) == ["confirmed"]


def test_times_are_half_open_to_the_instant() -> None:
    start, instant = on("2027-08-14T08:00"), timedelta(microseconds=1)
    half_an_hour_before = start - timedelta(minutes=30)
    assert may_be_offered(half_an_hour_before, start)
    assert not may_be_offered(half_an_hour_before + instant, start)
    assert is_late(start - timedelta(hours=24) + instant, start)
    assert not is_late(start - timedelta(hours=24), start)

    def reasons(now: datetime) -> list[str]:
        found = against_accepting("offered", half_an_hour_before, "published", start, enough=True, now=now)
        return [reason.slug for reason in found]

    assert reasons(half_an_hour_before - instant) == []
    assert reasons(half_an_hour_before) == ["offer-lapsed"]


def test_several_places_are_offered_at_once_and_parties_get_all_or_none(town: Town) -> None:
    parent, single, other = town.caller(), town.caller(), town.caller()
    shift = town.shift(roles=[role(capacity=2)])
    holders = [town.caller(), town.caller()]
    taken = [join(holder, shift).json for holder in holders]
    line = [join(parent, shift, with_child=True, child_age=8).json, join(single, shift).json, join(other, shift).json]
    leave(holders[0], taken[0])
    assert states(town, shift) == ["waiting", "offered", "waiting"]  # one place is too little for two
    answer(single, line[1], "decline")
    assert states(town, shift) == ["waiting", "declined", "offered"]
    leave(holders[1], taken[1])
    answer(other, line[2], "decline")
    assert states(town, shift) == ["offered", "declined", "declined"]
    assert counters(town, shift) == [(2, 0)]
    assert answer(parent, line[0], "accept").json["places"] == 2


def test_who_is_elsewhere_when_a_place_frees_is_passed_over_and_keeps_her_place_in_line(town: Town) -> None:
    busy, free = town.caller(), town.caller()
    shift, holder, line = full(town, busy, free)
    elsewhere = join(busy, town.shift("2027-08-14T09:00", title="Et andet sted")).json
    free_one(holder)
    assert states(town, shift) == ["waiting", "offered"]
    leave(busy, elsewhere)
    answer(free, line[1], "decline")
    assert states(town, shift) == ["offered", "declined"]


def test_however_many_are_passed_over_the_line_is_asked_to_its_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_of_role, "ASKED_AT_ONCE", 2)
    busy = [town.caller() for _ in range(5)]
    shift, holder, _ = full(town, *busy, town.caller())
    for who in busy:
        join(who, town.shift("2027-08-14T09:00", title="Et andet sted"))
    free_one(holder)
    assert states(town, shift) == ["waiting"] * 5 + ["offered"]


def test_an_offer_to_somebody_who_went_elsewhere_moves_on_and_she_stays_in_line(town: Town) -> None:
    busy, free = town.caller(), town.caller()
    shift, holder, line = full(town, busy, free)
    free_one(holder)
    elsewhere = join(busy, town.shift("2027-08-14T09:00", title="Et andet sted")).json
    refused = answer(busy, line[0], "accept")
    assert (refused.status_code, slugs(refused)) == (409, ["overlap"])
    lapse_offers(town.database)
    assert states(town, shift) == ["waiting", "offered"]
    assert counters(town, shift) == [(1, 1)]
    leave(busy, elsewhere)
    answer(free, line[1], "decline")
    assert answer(busy, line[0], "accept", 4).json["offer_number"] == 2


def test_a_proof_that_ends_or_comes_is_heeded_within_a_minute(town: Town) -> None:
    driver, other, late = town.caller(), town.caller(), town.caller()
    shift = town.shift(roles=[role("Chauffør", 1, 1, "trailerkort")])
    holder = town.caller()
    for who in (driver, other, late, holder):
        town.qualify(who.person_id, "trailerkort", date(2027, 12, 31))
    taken = join(holder, shift).json
    line = [join(who, shift).json for who in (driver, other, late)]
    town.tell(accounts.QualificationEnded(other.person_id, "trailerkort"))
    leave(holder, taken)
    assert states(town, shift) == ["offered", "waiting", "waiting"]
    town.tell(accounts.QualificationEnded(driver.person_id, "trailerkort"))
    assert slugs(answer(driver, line[0], "accept")) == ["missing-trailerkort"]
    town.tell(accounts.QualificationEnded(late.person_id, "trailerkort"))
    fill_lines(town.database)
    assert states(town, shift) == ["waiting", "waiting", "waiting"]
    assert counters(town, shift) == [(0, 3)]
    town.qualify(late.person_id, "trailerkort")
    fill_lines(town.database)
    assert states(town, shift) == ["waiting", "waiting", "offered"]


def test_a_newcomer_gets_a_free_place_only_if_nobody_in_line_fits_it(town: Town) -> None:
    unfit, newcomer, third = town.caller(), town.caller(), town.caller()
    shift, holder, _ = full(town, unfit)
    elsewhere = join(unfit, town.shift("2027-08-14T09:00", title="Et andet sted")).json
    free_one(holder)
    assert counters(town, shift) == [(0, 1)]
    mine = join(newcomer, shift).json
    assert mine["state"] == "confirmed"
    leave(newcomer, mine)
    leave(unfit, elsewhere)  # she fits again, and no job has run yet
    assert join(third, shift).json["position"] == 1
    assert states(town, shift) == ["offered", "waiting"]


def test_in_the_last_half_hour_nobody_is_offered_anything_and_the_first_to_come_is_in(
    town: Town, moved_clock: Clock
) -> None:
    first, second, newcomer = town.caller(), town.caller(), town.caller()
    shift, holder, line = full(town, first, second, capacity=2)
    assert slugs(answer(second, line[1], "accept", 1)) == ["no-offer"]
    moved_clock(on("2027-08-14T07:30") + timedelta(seconds=1))
    assert slugs(answer(second, line[1], "accept", 1)) == ["full"]
    free_one(holder)
    fill_lines(town.database)
    assert states(town, shift) == ["waiting", "waiting"]
    assert answer(second, line[1], "accept", 1).json["state"] == "confirmed"
    assert slugs(answer(first, line[0], "accept", 1)) == ["full"]
    assert join(newcomer, shift, accept_waiting=False).json["slug"] == "full"
    assert counters(town, shift) == [(2, 1)]


def test_an_offer_made_before_the_last_half_hour_stands_until_its_time(town: Town, moved_clock: Clock) -> None:
    first = town.caller()
    _, holder, line = full(town, first)
    moved_clock(on("2027-08-14T07:29"))
    free_one(holder)
    moved_clock(on("2027-08-14T07:48"))
    assert answer(first, line[0], "accept").json["state"] == "confirmed"


def test_a_group_is_offered_all_its_places_when_they_are_free(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=3)])
    holders = [town.caller() for _ in range(3)]
    taken = [join(holder, shift).json for holder in holders]
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    group = join(chair, shift, places=3).json
    for holder, sign_up in zip(holders, taken, strict=True):
        assert states(town, shift) == ["waiting"]
        leave(holder, sign_up)
    assert answer(chair, group, "accept").json["state"] == "confirmed"
    assert len(town.query("SELECT 1 FROM seats WHERE active AND kind = 'named'")) == 3


def test_the_line_of_a_closed_shift_goes_on_and_that_of_a_cancelled_one_does_not(town: Town) -> None:
    first, second = town.caller(), town.caller()
    shift, holder, line = full(town, first, second)
    with town.database.begin() as session:
        session.get_one(Shift, shift.id).state = "closed"
    free_one(holder)
    assert answer(first, line[0], "accept").json["state"] == "confirmed"
    with town.database.begin() as session:
        session.get_one(Shift, shift.id).state = "cancelled"
    leave(first, {**line[0], "version": 3})
    assert states(town, shift) == ["cancelled", "waiting"]


def test_there_is_nothing_to_say_no_to_before_an_offer(town: Town) -> None:
    first = town.caller()
    _, holder, line = full(town, first)
    assert slugs(answer(first, line[0], "decline", 1)) == ["no-offer"]
    assert slugs(answer(*holder, "accept", 1)) == ["already-confirmed"]
