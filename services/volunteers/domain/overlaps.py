"""Which work happens at the same place at the same time, within a plan and beside what is planned already."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.clock import local
from shared.errors import N_, Reason

LONGEST = timedelta(hours=25)  # a whole day, on the night when summer time ends
NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Work:
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime


class Timetable:
    """All work, by place and start. Nothing lasts longer than LONGEST, so that only a few must be looked at."""

    def __init__(self, works: Iterable[Work]) -> None:
        self._by_place: dict[str, list[Work]] = defaultdict(list)
        for work in sorted(works, key=lambda work: work.starts_at):
            self._by_place[work.place.casefold()].append(work)

    def beside(self, work: Work) -> list[Work]:
        """What else happens there then; `work` itself is left out."""
        there = self._by_place[work.place.casefold()]
        first = bisect_left(there, work.starts_at - LONGEST, key=lambda other: other.starts_at)
        last = bisect_left(there, work.ends_at, key=lambda other: other.starts_at)
        return [other for other in there[first:last] if other is not work and other.ends_at > work.starts_at]


def same_work(work: Work, beside: list[Work]) -> list[Work]:
    """The same task at the same place at the same time."""
    return [other for other in beside if other.title.casefold() == work.title.casefold()]


def alike(work: Work, others: Iterable[Work]) -> Work | None:
    """The same task at the same place at another time: of several the nearest. It may have been moved there."""
    same = [one for one in others if _task(one) == _task(work)]
    return min(same, key=lambda one: abs(one.starts_at - work.starts_at), default=None)


def _task(work: Work) -> tuple[str, str]:
    return work.title.casefold(), work.place.casefold()


def same_again(work: Work, beside: list[Work]) -> Iterator[Reason]:
    """Planned twice by mistake."""
    for other in same_work(work, beside):
        text = N_("“{title}” er der allerede {starts_at}–{ends_at}. Fjern den ene, eller ret tiden.")
        params = {"title": other.title, "starts_at": other.starts_at, "ends_at": f"{local(other.ends_at):%H.%M}"}
        yield Reason("shift-exists", text, "title", params)


def other_work(work: Work, beside: list[Work]) -> Iterator[Reason]:
    """Something else at the same place: often meant so."""
    others = sorted({other.title for other in beside if other.title.casefold() != work.title.casefold()})
    if not others:
        return
    named, more = others[:NAMED_AT_MOST], len(others) - NAMED_AT_MOST
    params = {"titles": ", ".join(named), "more": more}
    if more > 0:
        yield Reason("same-place", N_("Samme sted samtidig: {titles} og {more} andre."), "place", params)
    else:
        yield Reason("same-place", N_("Samme sted samtidig: {titles}."), "place", params)
