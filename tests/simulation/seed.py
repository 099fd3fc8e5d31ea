"""One seed: a few days of life with whatever goes wrong, then rest, then the checks."""

from __future__ import annotations

import hashlib
import random
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests.simulation import rebuilding, repetition
from tests.simulation.invariants import check
from tests.simulation.luck import Time, ruled
from tests.simulation.people import STEPS
from tests.simulation.people.borrowing import book, decide
from tests.simulation.people.shifts import sign_up
from tests.simulation.residents import move_in
from tests.simulation.rest import come_to_rest, deliver
from tests.simulation.stores import Stores
from tests.simulation.switchboard import connected
from tests.simulation.town import Town, Violation, Weather
from tests.simulation.worker import MOST_AT_ONCE, Worker, Zombie

LENGTH = 65  # steps: with 90 a thousand seeds took 11 minutes on two cores, with 65 less than 10
PAUSES = (timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=3))
DAYS_END = 0.5  # so many pauses last until the next day


@dataclass(frozen=True)
class Outcome:
    """`trace`: all that happened; `fingerprint`: of that, the same for the same seed."""

    seed: int
    events: int
    crashes: int
    fingerprint: str
    trace: tuple[str, ...] = field(repr=False)


class SeedFailed(AssertionError):
    """A seed that broke a promise, with all that happened in it."""

    def __init__(self, seed: int, trace: list[str], wrong: str) -> None:
        super().__init__("\n".join([f"seed {seed}:", *trace, "", f"seed {seed} is wrong:", wrong]))
        self.seed = seed
        self.wrong = wrong


def run(stores: Stores, seed: int, length: int = LENGTH) -> Outcome:
    """Raises SeedFailed."""
    stores.empty()
    chance, time = random.Random(seed), Time()
    with ruled(seed, time), connected(stores.apps):
        town = Town(stores, chance, time)
        try:
            _live(town, length)
            check(town)
            repetition.check(town)
            rebuilding.check(town)
        except Violation as violation:
            raise SeedFailed(seed, town.trace, str(violation)) from violation
        except Exception as error:
            raise SeedFailed(seed, town.trace, "".join(traceback.format_exception(error)[-12:])) from error
    crashes = sum("†" in line for line in town.trace)
    fingerprint = hashlib.sha256("\n".join(town.trace).encode()).hexdigest()[:12]
    return Outcome(seed, sum(map(len, town.log.records.values())), crashes, fingerprint, tuple(town.trace))


def _live(town: Town, length: int) -> None:
    move_in(town)
    if town.chance.random() < 0.8:
        _begin(town)  # else the first requests come before the catalogue does
    town.weather = Weather.drawn(town.chance)
    for _ in range(length):
        _step(town)
    come_to_rest(town)


def _begin(town: Town) -> None:
    """The catalogue is known, some things are to be fetched soon, and for some places people are in line."""
    deliver(town)
    for first in (book, book, book, decide, sign_up, sign_up, sign_up, sign_up):
        first(town)
    deliver(town)


def _step(town: Town) -> None:
    chosen = town.chance.choices(list(HAPPENINGS), list(HAPPENINGS.values()))[0]
    chosen(town)


def _people(town: Town) -> None:
    """Somebody does something; whoever finds nothing to do leaves it to another."""
    while not town.chance.choices(list(STEPS), list(STEPS.values()))[0](town):
        pass


def _relay(town: Town) -> None:
    worker = _somebody(town)
    try:
        town.happen(f"{worker.service}'s relay", worker.publish, worker)
    except RuntimeError as trouble:
        town.note(f"{worker.service}'s relay gives up: {trouble}")
        worker.die()


def _consumer(town: Town) -> None:
    if behind := [worker for worker in town.workers.values() if worker.unread()]:
        worker = town.chance.choice(behind)
        place, most = town.chance.choice(worker.unread()), town.chance.randint(1, MOST_AT_ONCE)
        what = f"{worker.service} reads {place.topic}-{place.partition}@{worker.position(place)}, up to {most}"
        town.happen(what, lambda: worker.consume(place, most), worker)


def _commit(town: Town) -> None:
    worker = _somebody(town)
    town.happen(f"{worker.service} keeps its offsets", worker.commit, worker)


def _job(town: Town) -> None:
    due = [(worker, job) for worker in town.workers.values() for job in worker.due_jobs()]
    if due:
        worker, job = town.chance.choice(due)
        town.happen(f"{worker.service}: {job.__name__}", lambda: worker.work(job), worker)


def _time(town: Town) -> None:
    """A little while, or until some time the next day."""
    town.time.pass_by(town.chance.choice(PAUSES) * town.chance.random())
    if town.chance.random() < DAYS_END:
        town.time.pass_by(timedelta(hours=town.chance.randint(12, 28)))


def _death(town: Town) -> None:
    worker = _somebody(town)
    worker.die()
    town.note(f"{worker.service}'s worker dies, or is told to begin where its group is")


def _offsets_lost(town: Town) -> None:
    """As after `--reset-offsets`, or when a group's offsets expired."""
    worker = _somebody(town)
    town.log.committed[worker.service].clear()
    worker.die()
    town.note(f"{worker.service} begins to read anew")


def _park(town: Town) -> None:
    """A copy that could not be made just now; its letter is replayed when newer ones are long applied."""
    if behind := [worker for worker in town.workers.values() if worker.unread()]:
        worker = town.chance.choice(behind)
        place = town.chance.choice(worker.unread())
        if worker.only_copies(place):
            town.letters.append((worker, worker.put_aside(place)))
            town.note(f"{worker.service} parks the next record of {place.topic}-{place.partition}")


def _replay(town: Town) -> None:
    if town.letters:
        worker, letter = town.letters.pop(town.chance.randrange(len(town.letters)))
        what = f"{worker.service} replays {letter.topic}-{letter.partition}@{letter.offset}"
        if not town.happen(what, lambda: worker.inbox.apply([letter]), worker):
            town.letters.append((worker, letter))


def _freeze(town: Town) -> None:
    worker = _somebody(town)
    if places := worker.unread():
        town.zombies.append(Zombie(worker, town.chance.choice(places)))
        worker.die()
        town.note(f"{worker.service}'s worker freezes with records in its hands, another takes over")


def _thaw(town: Town) -> None:
    if town.zombies:
        zombie, most = town.chance.choice(town.zombies), town.chance.randint(1, MOST_AT_ONCE)
        town.happen(f"a zombie of {zombie.service} goes on", lambda: zombie.go_on(most))


def _somebody(town: Town) -> Worker:
    return town.chance.choice(list(town.workers.values()))


HAPPENINGS: Mapping[Callable[[Town], None], float] = {
    _people: 45,
    _relay: 20,
    _consumer: 30,
    _commit: 6,
    _job: 12,
    _time: 11,
    _death: 1.5,
    _offsets_lost: 0.5,
    _park: 5,
    _replay: 0.5,
    _freeze: 1,
    _thaw: 2,
}
