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
    """Three units, each taken at another time so that none is free throughout: one move makes room."""
    town.tell(numbered("Trailer", 3))
    short = [("2027-08-09", "2027-08-10"), ("2027-08-09", "2027-08-12"), ("2027-08-11", "2027-08-12")]
    for starts, ends in [*short, ("2027-08-16", "2027-08-17"), ("2027-08-16", "2027-08-17")]:
        book(town.person(), some("Trailer"), starts=f"{starts}T08:00", ends=f"{ends}T10:00")
    book(town.person(), some("Trailer"), starts="2027-08-09T08:00", ends="2027-08-17T10:00")
    everything = wish(some("Trailer"), starts="2027-08-09T08:00", ends="2027-08-17T10:00")
    assert slugs(town.person().post("/bookings", json=everything)) == ["none-free"]
    lines = town.rows("SELECT count(*) AS seats, count(DISTINCT line_id) AS lines FROM unit_holds")
    assert (lines[0].seats, lines[0].lines) == (6, 6)


def test_units_at_random_are_booked_as_long_as_the_count_allows(town):
    """What the count admits always finds seats: the database refuses overlaps, so every line has its units."""
    town.tell(numbered("Trailer", 3))
    chance = random.Random(11)
    days = [f"2027-08-{day:02}" for day in (9, 10, 11, 12, 16, 17, 18, 19, 23, 24, 25, 26)]
    for _ in range(60):
        first, last = sorted(chance.sample(days, 2))
        body = wish(some("Trailer", chance.choice([1, 1, 2])), starts=f"{first}T08:00", ends=f"{last}T08:00")
        assert town.person().post("/bookings", json=body).status_code in (201, 409)
    rows = town.rows(SEATS)
    assert len(rows) > 8
    assert all(row.quantity == row.seats for row in rows)
