"""Many at once: PostgreSQL decides, and nothing is ever promised twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.bookings.town import HALF_A, HALF_B, HALL, Town, book, hall, numbered, some, wish
from tests.support.client import slugs

MOST_TAKEN = """
    SELECT coalesce(max(level), 0) AS most FROM (
        SELECT sum(delta) OVER (PARTITION BY resource_id ORDER BY at, delta) AS level FROM (
            SELECT resource_id, lower(during) AS at, quantity AS delta FROM quantity_holds
            UNION ALL SELECT resource_id, upper(during), -quantity FROM quantity_holds
        ) AS changes
    ) AS levels
"""

SEATS = """
    SELECT asked.quantity, count(seat.id) AS seats
    FROM quantity_holds asked LEFT JOIN unit_holds seat USING (line_id) GROUP BY asked.id
"""


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Let `count` threads act at the same moment."""
    barrier = Barrier(count)

    def one(number: int) -> object:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def statuses(town: Town, count: int, body: Callable[[int], object]) -> list[int]:
    people = [town.person() for _ in range(count)]

    def ask(number: int) -> tuple[int, list[str]]:
        answer = people[number].post("/bookings", json=body(number))
        return answer.status_code, [] if answer.status_code == 201 else slugs(answer)

    answers = at_once(count, ask)
    assert {status for status, _ in answers} <= {201, 409}
    assert all(reasons for status, reasons in answers if status == 409)
    return [status for status, _ in answers]


def test_forty_want_the_last_unit_and_one_gets_it(town):
    book(town.person(), some("Festtelt"))
    assert statuses(town, 40, lambda _: wish(some("Festtelt"))).count(201) == 1


def test_a_pool_is_never_oversold(town):
    got = statuses(town, 40, lambda number: wish(some("Stabelstol", 10 + number % 3)))
    (taken,) = town.rows("SELECT sum(quantity) AS total FROM quantity_holds")
    assert 138 < taken.total <= 150
    assert got.count(201) == len(town.rows("SELECT 1 FROM bookings"))


def test_a_pool_is_never_oversold_by_loans_that_overlap_a_little(town):
    chance = random.Random(4)
    starts = [chance.choice(["2027-08-09", "2027-08-11", "2027-08-13", "2027-08-16"]) for _ in range(40)]
    ends = [chance.choice(["2027-08-17", "2027-08-18", "2027-08-19"]) for _ in range(40)]
    statuses(
        town,
        40,
        lambda number: wish(some("Bord-bænkesæt", 7), starts=f"{starts[number]}T08:00", ends=f"{ends[number]}T10:00"),
    )
    (level,) = town.rows(MOST_TAKEN)
    assert 33 < level.most <= 40


def test_a_hall_and_its_halves_are_never_taken_together(town):
    names = [HALL, HALF_A, HALF_B]
    statuses(town, 30, lambda number: wish(hall(names[number % 3])))
    booked = {row.name for row in town.rows("SELECT name FROM booking_lines")}
    assert booked in ({HALL}, {HALF_A, HALF_B})


def test_two_baskets_in_opposite_order_do_not_wait_in_a_circle(town):
    there, back = (some("Stabelstol", 2), some("Pavillon")), (some("Pavillon"), some("Stabelstol", 2))
    got = statuses(town, 20, lambda number: wish(*(there if number % 2 else back)))
    assert got.count(201) == 8


def test_the_same_key_at_once_is_one_booking(town):
    who = town.person()
    body = wish(some("Stabelstol", 40))
    answers = at_once(6, lambda _: who.post("/bookings", key="dobbeltklik", json=body).status_code)
    assert set(answers) <= {201, 409}
    assert len(town.rows("SELECT 1 FROM bookings")) == 1


def test_scattered_units_are_gathered_for_a_long_loan(town):
    """After a cancellation both units are taken for a while, each at another time: moving one loan makes room."""
    early, late = (
        {"starts": "2027-08-09T08:00", "ends": "2027-08-10T10:00"},
        {"starts": "2027-08-18T08:00", "ends": "2027-08-19T10:00"},
    )
    who = town.person()
    gone, stays = book(who, some("Festtelt"), **early), book(who, some("Festtelt"), **early)
    later = book(who, some("Festtelt"), **late)
    who.post(f"/bookings/{gone['id']}/cancel", version=1, json={})
    units = {str(row.line_id): row.unit_id for row in town.rows("SELECT line_id, unit_id FROM unit_holds")}
    assert units[stays["lines"][0]["id"]] != units[later["lines"][0]["id"]]

    book(who, some("Festtelt"), starts="2027-08-09T08:00", ends="2027-08-19T10:00")
    assert [(row.quantity, row.seats) for row in town.rows(SEATS)] == [(1, 1)] * 3


def test_units_at_random_are_booked_as_long_as_the_count_allows(town):
    """What the count admits always finds seats: the database refuses overlaps, so every line has its units."""
    town.tell(numbered("Trailer", 3))
    who, chance = town.person(), random.Random(11)
    days = [f"2027-08-{day:02}" for day in (9, 10, 11, 12, 16, 17, 18, 19, 20)]
    standing = []
    for _ in range(80):
        first, last = sorted(chance.sample(days, 2))
        body = wish(some("Trailer", chance.choice([1, 1, 2])), starts=f"{first}T08:00", ends=f"{last}T08:00")
        answer = who.post("/bookings", json=body)
        assert answer.status_code in (201, 409)
        standing += [answer.json["id"]] if answer.status_code == 201 else []
        if len(standing) > 4:
            gone = standing.pop(chance.randrange(len(standing)))
            who.post(f"/bookings/{gone}/cancel", version=1, json={})
        assert all(row.quantity == row.seats for row in town.rows(SEATS))
    assert len(town.rows("SELECT 1 FROM bookings")) > 20
