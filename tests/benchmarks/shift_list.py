"""“Vagter jeg kan tage” among 20,000 coming shifts, as people with sign-ups see it, narrowed down in every way."""

from __future__ import annotations

from datetime import timedelta

from shared import clock
from tests.benchmarks.crowd import PEOPLE, Visitor, nth, tokens
from tests.benchmarks.results import Figure, percentile
from tests.support.town import Town

READERS = 40
FILTERS = (
    "",
    "only=may",
    "area=Assens",
    "when=weekend&length=half",
    "role=chauff",
    "only=open&page=3",
    "only=may&page=2",
)


def measure(town: Town) -> list[Figure]:
    readers = tokens(town, [nth("person", 1 + number * PEOPLE // READERS) for number in range(READERS)])
    visitor = Visitor(town, readers[0])
    for query in FILTERS:
        visitor.timed("GET", f"/shifts?{query}")
    milliseconds = []
    for turn, reader in enumerate(readers):
        visitor.token = reader
        day = clock.today() + timedelta(days=turn * 7)
        milliseconds += [visitor.timed("GET", f"/shifts?from={day}&{query}") for query in FILTERS]
    return [
        Figure("list of shifts, 20,000 coming, p50", percentile(milliseconds, 50), "ms", 30),
        Figure("list of shifts, 20,000 coming, p99", percentile(milliseconds, 99), "ms", 120),
    ]
