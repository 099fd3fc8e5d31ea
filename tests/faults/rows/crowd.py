"""Everybody wants the last one: 15."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import requests

from tests.faults.errands import a_booking
from tests.faults.row import Scene, row
from tests.support.town import CITIZENS, danish

STAGE = "Mobilscene"  # there is one
PICK_UP = danish(2027, 6, 10, 9)


@row(15, "1,000 at once want the last unit", "threads behind a barrier", within_s=30, is_quick=True)
def last_unit(scene: Scene) -> None:
    count = 200 if scene.quick else 1000
    birthe = scene.town.person("birthe", CITIZENS)
    body = a_booking(STAGE, 1, PICK_UP, PICK_UP + timedelta(days=1), "sidste scene")
    barrier = threading.Barrier(count)
    headers = {name: str(value) for name, value in birthe.http.headers.items()}

    def ask(_: int) -> requests.Response:
        barrier.wait()
        url = f"{scene.town.system.url('bookings')}/bookings"
        return requests.post(url, json=body, headers={**headers, "Idempotency-Key": str(uuid4())}, timeout=300)

    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(ask, range(count)))
    statuses = Counter(answer.status_code for answer in answers)
    scene.note(f"answers: {dict(statuses)}")
    assert statuses == {201: 1, 409: count - 1}, f"answers: {dict(statuses)}"
    assert all(answer.json()["reasons"] for answer in answers if answer.status_code == 409)
