"""How long to wait: with the next try, and for more news to the same person."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
MOST_REFUSALS = 8
GATHERED_FOR = timedelta(seconds=5)  # so long news of shifts waits for more, to become one mail


def pause_after(tries: int) -> timedelta:
    """How long to wait after the `tries`-th try in vain: 5 s, 10 s, 20 s … at most 15 minutes."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 20)), LONGEST_PAUSE)
