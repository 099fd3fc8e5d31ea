"""The only broker is away for a minute while people book: all of them get their yes, and the events catch up."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.benchmarks.handover_latency import FIRST_DAY, committed
from tests.benchmarks.results import Figure
from tests.support.town import HANDBALL, Person, Town, material
from tests.support.waiting import eventually

PER_SECOND = 50
PEOPLE = 16
AWAY_S = 60
CHAIRS = material("Stabelstol")
AT_ONCE = 140  # of the chairs there are


@dataclass
class Answers:
    booked: list[str] = field(default_factory=list)
    others: Counter[int] = field(default_factory=Counter)


def measure(town: Town) -> list[Figure]:
    answers = Answers()
    with _booking(town.person("mette", HANDBALL), answers):
        time.sleep(3)
        town.system.stop_part("kafka")
        time.sleep(AWAY_S)
        town.system.start_part("kafka")
        back = datetime.now().astimezone()
        time.sleep(3)
    booked = committed(town, "bookings", "bookings", "id", answers.booked)
    late = [each for each, at in booked.items() if at < back]
    handed = eventually(lambda: _all(committed(town, "inventory", "handovers", "booking_id", late), late), 120)
    drained = (max(handed.values()) - back).total_seconds()
    per_second = len(booked) / (AWAY_S + 6)
    print(f"  outage: {len(booked)} bookings, about {per_second:.0f}/s; other answers: {dict(answers.others)}")
    return [
        Figure(f"broker away for {AWAY_S} s: answers other than 201", answers.others.total(), "", 0),
        Figure(f"broker away for {AWAY_S} s: drained after it was back", drained, "s", 10),
    ]


def _all(handed: dict[str, datetime], expected: list[str]) -> dict[str, datetime]:
    return handed if len(handed) == len(expected) else {}


@contextmanager
def _booking(person: Person, answers: Answers) -> Iterator[None]:
    """So many bookings a second, as far as the machine answers them, until the block ends."""
    stop = threading.Event()
    numbers = itertools.count()
    begun = time.perf_counter()

    def go_on() -> None:
        while not stop.is_set():
            number = next(numbers)
            if not stop.wait(max(0.0, begun + number / PER_SECOND - time.perf_counter())):
                _book(person, number, answers)

    with ThreadPoolExecutor(PEOPLE) as pool:
        for _ in range(PEOPLE):
            pool.submit(go_on)
        try:
            yield
        finally:
            stop.set()


def _book(person: Person, number: int, answers: Answers) -> None:
    pick_up = FIRST_DAY + timedelta(weeks=number // AT_ONCE)
    answer = person.book([{"resource_id": CHAIRS, "quantity": 1}], pick_up, pick_up + timedelta(hours=1))
    if answer.status_code == 201:
        answers.booked.append(answer.json()["id"])
    else:
        answers.others[answer.status_code] += 1
