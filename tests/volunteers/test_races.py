"""Many at once: never more people than places, never a place lost, one outcome of each question."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from services.volunteers.commands.loading import locked_shift, locked_shifts
from services.volunteers.commands.sign_up import Wish, sign_up
from services.volunteers.models import Shift
from services.volunteers.reactions import fill_lines, lapse_offers
from shared import clock
from shared.actors import Actor
from shared.contracts.volunteers import SignUpMade
from tests.support.client import slugs
from tests.volunteers.serving import Served, served
from tests.volunteers.test_sign_ups import counters, join, leave
from tests.volunteers.town import Town, role

T = TypeVar("T")
Clock = Callable[[datetime], None]

# Places and people counted anew from the rows, beside the counters that the service keeps.
COUNTED = """
    SELECT capacity, taken, waiting,
        (SELECT count(*) FROM seats WHERE role_id = roles.id AND active)
        + (SELECT coalesce(sum(places), 0) FROM sign_ups WHERE role_id = roles.id AND state = 'offered') AS held,
        (SELECT count(*) FROM sign_ups WHERE role_id = roles.id AND state = 'waiting') AS in_line
    FROM roles WHERE shift_id = :id
"""


@pytest.fixture
def web(town: Town, tmp_path: Path) -> Iterator[Served]:
    with served(town.database, tmp_path / "clock") as web:
        yield web


def at_once(acts: list[Callable[[], T]]) -> list[T]:
    """All of them, let go at the same moment."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], T]) -> T:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def nothing_lost(town: Town, shift: Shift) -> Any:
    """The role's row, once it is seen to agree with what it counts."""
    (row,) = town.query(COUNTED, id=shift.id)
    assert (row.taken, row.waiting) == (row.held, row.in_line)
    assert row.taken <= row.capacity
    return row


def test_five_hundred_take_twenty_places(town: Town, web: Served) -> None:
    shift = town.shift(roles=[role(capacity=20)])
    path, body = f"/shifts/{shift.id}/sign-ups", {"role_id": str(shift.roles[0].id)}
    people = [uuid4() for _ in range(500)]
    answers = at_once([partial(web.post, who, path, body) for who in people])
    assert Counter(answer.status for answer in answers) == {201: 500}
    assert Counter(answer.json["state"] for answer in answers) == {"confirmed": 20, "waiting": 480}
    assert sorted(answer.json["position"] for answer in answers if answer.json["position"]) == list(range(1, 481))
    arrived = [event.person_id for event in town.told(SignUpMade)]
    line = town.query("SELECT person_id, line_number FROM sign_ups WHERE state = 'waiting' ORDER BY line_number")
    assert [row.person_id for row in line] == arrived[20:]
    assert [row.line_number for row in line] == list(range(1, 481))
    assert nothing_lost(town, shift).taken == 20


def crowd(town: Town, shift: Shift, count: int) -> list[tuple[UUID, UUID]]:
    """So many people sign up, one after the other: (person, sign-up)."""
    with town.database.begin() as session:
        made = [
            sign_up(session, Actor(uuid4()), shift.id, Wish(shift.roles[0].id), clock.now()).sign_up
            for _ in range(count)
        ]
    return [(one.person_id, one.id) for one in made]


def test_two_hundred_call_off_and_answer_at_once(town: Town, web: Served) -> None:
    """40 are in, 20 hold offers, 140 wait; jobs run in between. Everybody fits, so no place may stay empty."""
    shift, chance = town.shift(roles=[role(capacity=60)]), random.Random(20270814)
    people = crowd(town, shift, 200)
    for who, mine in people[:20]:
        assert web.post(who, f"/sign-ups/{mine}/cancel", {}, 1).status == 200
    assert nothing_lost(town, shift).taken == 60

    def act(who: UUID, mine: UUID, word: str, version: int) -> Callable[[], int]:
        body = {} if word == "cancel" else None
        return lambda: web.post(who, f"/sign-ups/{mine}/{word}", body, version).status

    confirmed, offered, waiting = people[20:60], people[60:80], people[80:]
    acts = [act(*one, "cancel", 1) for one in confirmed]
    acts += [act(*one, word, 2) for one in offered for word in ("accept", chance.choice(["decline", "cancel"]))]
    acts += [act(*one, chance.choice(["cancel", "accept"]), chance.choice([1, 2])) for one in waiting]
    chance.shuffle(acts)
    with ThreadPoolExecutor(1) as worker:
        jobs = worker.submit(lambda: [job(town.database) for _ in range(10) for job in (fill_lines, lapse_offers)])
        statuses = Counter(at_once(acts))
        jobs.result()
    assert set(statuses) <= {200, 409, 412}
    row = nothing_lost(town, shift)
    assert row.taken == 60 or row.waiting == 0
    assert in_order(town, shift)


def in_order(town: Town, shift: Shift) -> bool:
    """Nobody was offered a place before somebody further ahead who still waits."""
    rows = town.query("SELECT state, offer_number, line_number FROM sign_ups WHERE shift_id = :id", id=shift.id)
    had_offers = [row.line_number for row in rows if row.offer_number]
    return all(row.line_number > max(had_offers) for row in rows if row.state == "waiting")


def test_an_answer_at_the_very_moment_of_lapsing_has_one_outcome(town: Town, moved_clock: Clock) -> None:
    shift = town.shift(roles=[role(capacity=15)])
    holders, line = [town.caller() for _ in range(15)], [town.caller() for _ in range(30)]
    taken = [join(holder, shift).json for holder in holders]
    waiting = [join(who, shift).json for who in line]
    for holder, mine in zip(holders, taken, strict=True):
        leave(holder, mine)
    first, last = town.query("SELECT min(offer_until) AS first, max(offer_until) AS last FROM sign_ups")[0]
    moved_clock(first + (last - first) / 2 - timedelta(milliseconds=50))

    def accept(number: int) -> Callable[[], Any]:
        return lambda: line[number].post(f"/sign-ups/{waiting[number]['id']}/accept", version=2).status_code

    answers = at_once([*[accept(number) for number in range(15)], *[lambda: lapse_offers(town.database)] * 3])[:15]
    lapse_offers(town.database)
    rows = town.query("SELECT id, state FROM sign_ups WHERE shift_id = :id", id=shift.id)
    after = {str(row.id): row.state for row in rows}
    for number, status in enumerate(answers):
        in_time = after[waiting[number]["id"]] == "confirmed"
        assert in_time or after[waiting[number]["id"]] in ("lapsed", "offered")
        assert (status == 200) == in_time
    assert nothing_lost(town, shift).taken == 15


def test_one_person_takes_one_of_many_shifts_at_the_same_time(town: Town) -> None:
    shifts = [town.shift(f"2027-08-14T0{hour}:00", title=f"Vagt {hour}") for hour in range(6, 10) for _ in range(4)]
    phones = [town.caller(person) for person in [uuid4()] * len(shifts)]
    answers = at_once([partial(join, *pair) for pair in zip(phones, shifts, strict=True)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 15}
    assert {slug for answer in answers if answer.status_code == 409 for slug in slugs(answer)} == {"overlap"}
    assert sum(counters(town, shift)[0][0] for shift in shifts) == 1


def test_one_person_asking_from_many_phones_is_in_once(town: Town) -> None:
    shift, person = town.shift(roles=[role(capacity=4), role("Kiosk", 4)]), uuid4()
    phones = [town.caller(person) for _ in range(12)]
    answers = at_once([partial(join, phone, shift, number % 2) for number, phone in enumerate(phones)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 11}
    assert {slug for answer in answers if answer.status_code == 409 for slug in slugs(answer)} == {"already-signed-up"}


def test_accepting_and_signing_up_elsewhere_at_once_seats_her_once(town: Town) -> None:
    """Ten people hold an offer and take another shift of that hour in the same moment."""
    shift, elsewhere = town.shift(roles=[role(capacity=10)]), town.shift("2027-08-14T10:00", roles=[role(capacity=10)])
    holders = [(town.caller(), town.caller()) for _ in range(10)]
    people = [uuid4() for _ in range(10)]
    taken = [join(one, shift).json for one, _ in holders]
    waiting = [join(town.caller(who), shift).json for who in people]
    for (holder, _), mine in zip(holders, taken, strict=True):
        leave(holder, mine)

    def accept(number: int) -> Callable[[], int]:
        who = town.caller(people[number])
        return lambda: who.post(f"/sign-ups/{waiting[number]['id']}/accept", version=2).status_code

    def take(number: int) -> Callable[[], int]:
        who = town.caller(people[number])
        return lambda: join(who, elsewhere).status_code

    answers = at_once([act(number) for number in range(10) for act in (accept, take)])
    pairs = list(zip(answers[::2], answers[1::2], strict=True))
    assert set(pairs) <= {(200, 409), (409, 201)}
    lapse_offers(town.database)
    assert nothing_lost(town, elsewhere).taken == pairs.count((409, 201))
    assert nothing_lost(town, shift).taken == pairs.count((200, 409))


def test_shifts_are_locked_in_one_order_however_they_are_named(town: Town) -> None:
    """Whoever works on several shifts waits for others, but never in a circle: no deadlock, not even one retried."""
    shifts = [town.shift(f"2027-08-{day}T08:00", roles=[role(capacity=4)]) for day in range(14, 18)]
    ids = [shift.id for shift in shifts]

    def work(number: int) -> list[UUID]:
        with town.database.begin() as session:
            locked = locked_shifts(session, random.Random(number).sample(ids, 3))
            for shift in locked:
                sign_up(session, Actor(uuid4()), shift.id, Wish(shift.roles[0].id), clock.now())
            return [shift.id for shift in locked]

    for locked in at_once([partial(work, number) for number in range(15)]):
        assert locked == sorted(locked)
    rows = [nothing_lost(town, shift) for shift in shifts]
    assert sum(row.taken + row.waiting for row in rows) == 45


def test_a_locked_shift_is_read_as_it_is_after_the_wait(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=5)])
    with town.database.begin() as session:
        stale = session.get_one(Shift, shift.id)
        assert stale.roles[0].taken == 0
        with ThreadPoolExecutor(1) as pool:
            pool.submit(crowd, town, shift, 3).result()
        assert locked_shift(session, shift.id).roles[0].taken == 3
