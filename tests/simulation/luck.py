"""What would differ from run to run comes from the seed: the time, new ids, and every choice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from shared import clock, ids

BEGINS = datetime(2027, 7, 26, 9, 0, tzinfo=clock.COPENHAGEN).astimezone(UTC)  # a Monday


class Time:
    """The time of the simulated town: it goes on only when somebody moves it."""

    def __init__(self) -> None:
        self.moment = BEGINS

    def now(self) -> datetime:
        """A little later at each look, as clocks are."""
        self.moment += timedelta(microseconds=50)
        return self.moment

    def pass_by(self, so_long: timedelta) -> None:
        self.moment += so_long


@contextmanager
def ruled(seed: int, time: Time) -> Iterator[None]:
    """Inside, the services' clock is `time`, and their new ids follow from the seed."""
    drawn = random.Random(f"ids {seed}")
    with ExitStack() as stack:
        stack.enter_context(patch.object(clock, "now", time.now))
        stack.enter_context(patch.object(ids, "os", SimpleNamespace(urandom=drawn.randbytes)))
        nanoseconds = SimpleNamespace(time_ns=lambda: int(time.now().timestamp() * 1_000_000) * 1000)
        stack.enter_context(patch.object(ids, "time", nanoseconds))
        yield
