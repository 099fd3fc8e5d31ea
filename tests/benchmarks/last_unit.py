"""200 requests at once for the last unit, through HTTP: one gets it, the others learn why not."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import requests

from tests.benchmarks.results import Figure
from tests.support.town import CITIZENS, Town, danish, material

AT_ONCE = 200
STAGE = material("Mobilscene")
PICK_UP = danish(2027, 6, 10, 9, 0)


def measure(town: Town) -> list[Figure]:
    person = town.person("birthe", CITIZENS)
    barrier = threading.Barrier(AT_ONCE)

    def book(_: int) -> requests.Response:
        barrier.wait()
        return person.book([{"resource_id": STAGE, "quantity": 1}], PICK_UP, PICK_UP + timedelta(days=1))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = time.perf_counter()
        answers = list(pool.map(book, range(AT_ONCE)))
        seconds = time.perf_counter() - begun
    statuses = Counter(answer.status_code for answer in answers)
    without_reason = sum(1 for answer in answers if answer.status_code == 409 and not answer.json()["reasons"])
    print(f"  last unit: {dict(statuses)} in {seconds:.2f} s")
    return [
        Figure("200 at once for the last unit: winners too many or few", abs(statuses[201] - 1), "", 0),
        Figure("200 at once: answers other than 201 and 409", AT_ONCE - statuses[201] - statuses[409], "", 0),
        Figure("200 at once: refusals without a reason", without_reason, "", 0),
    ]
