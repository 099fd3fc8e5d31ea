"""Load through HTTP: people who repeat every unanswered request until it is answered, and remember what they were told.

Some book (quantities and numbered units), one hands out and takes back, some sign up for shifts and call off.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import requests

from shared import clock
from tests.faults.errands import CHAIRS, a_booking, a_day, a_handover_today, publish_shifts
from tests.faults.ledger import Acked
from tests.support.town import HANDBALL, Person, Town

POOLED = ("Bord-bænkesæt", "Klapbord 180 cm", "Kabeltromle 25 m", "Kabelbro", "Scenepodie 1x2 m")
NUMBERED = "Højttaleranlæg"
PATIENCE_S = 15
UNANSWERED = {429, 500, 502, 503, 504}


class Load:
    """`start`, disturb, `stop`; then `acked` for the ledger. `rate`: requests a second of all people together."""

    def __init__(self, town: Town, rate: float = 20) -> None:
        self.town = town
        self.mark = f"prøve {uuid4().hex[:8]}"
        self.unanswered: Counter[str] = Counter()  # by status or kind of error: answered in a later try
        self.unexpected: list[str] = []
        self.answered = 0
        self.achieved = 0.0  # requests answered per second
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.desk = Desk(self, rate / 20)
        bookers = [Booker(self, 0.6 * rate / 2, number) for number in range(2)]
        shifts = publish_shifts(town, self.mark)
        volunteers = [Volunteer(self, 0.3 * rate / 2, shifts) for _ in range(2)]
        self.people: list[Actor] = [self.desk, *bookers, *volunteers]
        self.rate = rate

    def __str__(self) -> str:
        return f"{self.rate:g}/s"

    def start(self) -> None:
        self.begun = time.monotonic()
        for person in self.people:
            person.start()

    def stop(self) -> None:
        """Nobody begins anything new; returns when everything begun is answered."""
        if not self.is_over.is_set():
            self.is_over.set()
            for person in self.people:
                person.join()
            self.achieved = round(self.answered / (time.monotonic() - self.begun), 1)
            self.desk.finish()

    def acked(self) -> list[Acked]:
        return [acked for acked_of in (Booker.acked, Desk.acked, Volunteer.acked) for acked in acked_of(self)]

    def count(self) -> int:
        return sum(len(acked.told) for acked in self.acked())

    def told(self, what: str) -> list[str]:
        return [each for person in self.people for each in person.told[what]]

    def so_far(self) -> int:
        """Requests answered with yes until now."""
        return sum(len(ids) for person in self.people for ids in list(person.told.values()))


class Actor(threading.Thread):
    """One person who does a thing so many times a second, or as fast as it is answered."""

    def __init__(self, load: Load, per_second: float, person: Person) -> None:
        super().__init__(daemon=True)
        self.load = load
        self.pause = 1 / per_second
        self.person = person
        self.told: dict[str, list[str]] = {"booked": [], "stepped": [], "signed up": [], "called off": [], "untold": []}
        self.random = random.Random(self.load.mark)

    def run(self) -> None:
        begun = time.monotonic()
        for number in itertools.count():
            if self.load.is_over.wait(max(0.0, begun + number * self.pause - time.monotonic())):
                return
            try:
                self.step()
            except Exception as error:  # noqa: BLE001 (whatever goes wrong here is told with the row)
                self.load.unexpected.append(f"{type(self).__name__}: {type(error).__name__}: {error}")

    def step(self) -> None:
        raise NotImplementedError

    def insist(self, path: str, service: str, body: Any, version: int | None = None) -> tuple[requests.Response, int]:
        """POST until it is answered, with the same key each time. The answer, and how many tries had none."""
        key = str(uuid4())
        for failed in itertools.count():
            answer = self._try(path, service, body, key, version)
            if answer is not None:
                with self.load.lock:
                    self.load.answered += 1
                return answer, failed
            time.sleep(0.2)
        raise AssertionError("unreachable")

    def _try(self, path: str, service: str, body: Any, key: str, version: int | None) -> requests.Response | None:
        headers = {"Idempotency-Key": key} | ({} if version is None else {"If-Match": f'"{version}"'})
        url = self.person.town.system.url(service) + path
        try:
            answer = self.person.http.post(url, headers=headers, timeout=PATIENCE_S, json=body)
        except requests.RequestException as error:
            self._unanswered(type(error).__name__)
            return None
        if answer.status_code == 401:
            self._sign_in_again()
            return None
        if answer.status_code in UNANSWERED or _slug(answer) == "in-progress":
            self._unanswered(str(answer.status_code))
            return None
        return answer

    def _unanswered(self, why: str) -> None:
        with self.load.lock:
            self.load.unanswered[why] += 1

    def _sign_in_again(self) -> None:
        try:
            self.person.sign_in()
        except requests.RequestException as error:
            self._unanswered(type(error).__name__)

    def expect(self, answer: requests.Response, *statuses: int) -> bool:
        """Is it a yes? A no has to be one of `statuses`."""
        if answer.status_code not in (200, 201, *statuses):
            raise AssertionError(f"{answer.request.method} {answer.request.path_url}: {answer.text[:300]}")
        return answer.status_code < 300


class Booker(Actor):
    def __init__(self, load: Load, per_second: float, number: int) -> None:
        super().__init__(load, per_second, load.town.person("mette", HANDBALL))
        self.random.seed(f"{load.mark} {number}")

    def step(self) -> None:
        numbered = self.random.random() < 0.1
        name = NUMBERED if numbered else self.random.choice(POOLED)
        day = a_day(self.random)
        starts = clock.at(day, datetime.min.time()) + timedelta(hours=self.random.randint(9, 11))
        body = a_booking(name, 1, starts, starts + timedelta(hours=self.random.randint(1, 3)), self.load.mark)
        answer, _ = self.insist("/bookings", "bookings", body)
        if self.expect(answer, 409):
            self.told["booked"].append(answer.json()["id"])

    @staticmethod
    def acked(load: Load) -> list[Acked]:
        statement = "SELECT id FROM bookings WHERE purpose = %(mark)s"
        return [Acked("bookings", "bookings", statement, load.told("booked"), {"mark": load.mark})]


class Desk(Actor):
    """Hands out chairs one by one, and then takes them back one by one: all of one large booking that begins today."""

    def __init__(self, load: Load, per_second: float) -> None:
        super().__init__(load, per_second, load.town.person("ole"))
        self.handover = a_handover_today(load.town, self.person, load.mark)
        self.steps = 0

    def step(self) -> None:
        if self.steps < 2 * CHAIRS:
            self._visit("hand-outs" if self.steps < CHAIRS else "returns", 1)

    def finish(self) -> None:
        """Whatever is still out comes back, so that the next row finds all chairs."""
        out = min(self.steps, 2 * CHAIRS - self.steps)
        if out > 0:
            self._visit("returns", out)

    def _visit(self, what: str, quantity: int) -> None:
        note = f"{self.load.mark} {self.steps}"
        body = {"lines": [{"line_id": self.handover["lines"][0]["id"], "quantity": quantity}], "note": note}
        path = f"/handovers/{self.handover['id']}/{what}"
        answer, _ = self.insist(path, "inventory", body, self.handover["version"])
        if self.expect(answer):
            self.handover["version"] = answer.json()["version"]
            self.told["stepped"].append(note)
            self.steps += 1

    @staticmethod
    def acked(load: Load) -> list[Acked]:
        statement = "SELECT note FROM handover_steps WHERE note LIKE %(mark)s"
        return [Acked("hand-outs and returns", "inventory", statement, load.told("stepped"), {"mark": f"{load.mark}%"})]


class Volunteer(Actor):
    """Several people, who sign up where they are not, and call off where they are."""

    def __init__(self, load: Load, per_second: float, shifts: list[dict[str, Any]]) -> None:
        super().__init__(load, per_second, load.town.person("mette"))
        self.crowd = load.town.newcomers(5)
        self.shifts = shifts
        self.mine: dict[tuple[int, str], dict[str, Any]] = {}

    def step(self) -> None:
        who, shift = self.random.randrange(len(self.crowd)), self.random.choice(self.shifts)
        self.person = self.crowd[who]
        place = (who, shift["id"])
        if place in self.mine:
            self._call_off(self.mine.pop(place))
        else:
            self._sign_up(place, shift)

    def _sign_up(self, place: tuple[int, str], shift: dict[str, Any]) -> None:
        body = {"role_id": shift["roles"][0]["id"]}
        answer, _ = self.insist(f"/shifts/{shift['id']}/sign-ups", "volunteers", body)
        if self.expect(answer, 409):
            self.mine[place] = answer.json()
            self.told["signed up"].append(answer.json()["id"])

    def _call_off(self, sign_up: dict[str, Any]) -> None:
        """Carries no key: after a try without an answer, a 412 may be our own doing, or an offer's."""
        path = f"/sign-ups/{sign_up['id']}/cancel"
        answer, failed = self.insist(path, "volunteers", {}, sign_up["version"])
        if self.expect(answer, 409, 412):
            self.told["called off"].append(sign_up["id"])
        elif failed:
            self.told["untold"].append(sign_up["id"])

    @staticmethod
    def acked(load: Load) -> list[Acked]:
        mine = "FROM sign_ups WHERE shift_id IN (SELECT id FROM shifts WHERE title LIKE %(mark)s)"
        mark = {"mark": f"{load.mark}%"}
        made, off, untold = map(load.told, ("signed up", "called off", "untold"))
        return [
            Acked("sign-ups", "volunteers", f"SELECT id {mine}", made, mark),
            Acked("called off", "volunteers", f"SELECT id {mine} AND state = 'cancelled'", off, mark, untold),
        ]


def _slug(answer: requests.Response) -> str:
    if answer.status_code != 409:
        return ""
    return next((reason["slug"] for reason in answer.json().get("reasons", [])), "")
