"""Requests that are under way at the same time, whatever the machine's pace."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.volunteers.town import Town


def at_once(town: Town, *calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """All are under way before the first can tell what it did: each waits for this lock, or for another of them."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with ThreadPoolExecutor(len(calls)) as pool:
        with town.database.begin() as session:
            session.execute(text("LOCK TABLE outbox IN SHARE MODE"))
            answers = [pool.submit(call) for call in calls]
            while town.query(waiting) != [(len(calls),)]:
                assert not any(answer.done() for answer in answers)
        return [answer.result() for answer in answers]
