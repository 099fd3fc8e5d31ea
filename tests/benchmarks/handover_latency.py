"""From the commit of a booking to the commit of its handover in inventory, by PostgreSQL's own commit times."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import create_engine, text

from tests.benchmarks.results import Figure, percentile
from tests.support.town import HANDBALL, Person, Town, danish, material
from tests.support.waiting import eventually

PER_SECOND = 20
SECONDS = 15
CABLES = material("Kabeltromle 25 m")
FIRST_DAY = danish(2027, 1, 12, 9, 0)  # a Tuesday: no holiday in that half year
COMMITTED = "SELECT {id}, pg_xact_commit_timestamp(xmin) FROM {table} WHERE {id} = ANY(:ids)"


def keep_commit_times(town: Town) -> None:
    """Let PostgreSQL remember when each transaction was committed; takes a restart of the part."""
    with create_engine(town.system.postgres_url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ALTER SYSTEM SET track_commit_timestamp = on"))
    town.system.stop_part("postgres")
    town.system.start_part("postgres")
    for part in town.system.programs():
        eventually(lambda part=part: town.system.is_healthy(part), 60, f"{part} is healthy")  # type: ignore[misc]


def measure(town: Town) -> list[Figure]:
    person = town.person("mette", HANDBALL)
    count = PER_SECOND * SECONDS
    begun = time.perf_counter()
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda number: _book(person, number, begun), range(count)))
    booked = committed(town, "bookings", "bookings", "id", ids)
    handed = eventually(lambda: _all(committed(town, "inventory", "handovers", "booking_id", ids), count), 60)
    milliseconds = [(handed[each] - booked[each]).total_seconds() * 1000 for each in booked]
    return [
        Figure("booking → handover committed, p50, 20 bookings/s", percentile(milliseconds, 50), "ms", 60),
        Figure("booking → handover committed, p99, 20 bookings/s", percentile(milliseconds, 99), "ms", 300),
    ]


def _book(person: Person, number: int, begun: float) -> str:
    due = begun + number / PER_SECOND
    time.sleep(max(0.0, due - time.perf_counter()))
    week, turn = divmod(number, 12)
    pick_up = FIRST_DAY + timedelta(weeks=week)
    answer = person.book([{"resource_id": CABLES, "quantity": 1}], pick_up, pick_up + timedelta(hours=1 + turn % 3))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def committed(town: Town, service: str, table: str, column: str, ids: list[str]) -> dict[str, datetime]:
    with create_engine(town.system.database_url(service)).connect() as connection:
        rows = connection.execute(
            text(COMMITTED.format(table=table, id=column).replace(":ids", "CAST(:ids AS uuid[])")), {"ids": ids}
        )
        return {str(row[0]): row[1] for row in rows}


def _all(found: dict[str, datetime], count: int) -> dict[str, datetime]:
    return found if len(found) == count else {}
