"""Wait for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], seconds: float = 30, what: str = "", every: float = 0.05) -> T:
    """Call `condition` until it gives something true, and return that. Fails the test after `seconds`.

    `every`: seconds between two calls; longer where the question itself is work.
    """
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds} s: {what or condition.__name__} → {result!r}")
        time.sleep(every)
