"""Start a system of its own, measure, print, write build/bench.json; exits 1 where an aim is not met.

With names of parts only those: `python -m tests.benchmarks events rebuild`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.benchmarks import (
    broker_outage,
    crowd,
    event_cost,
    event_latency,
    footprint,
    handover_latency,
    last_unit,
    pages,
    plans_and_feeds,
    rebuilding,
    shift_list,
    sign_ups,
    throughput,
)
from tests.benchmarks.results import FILE, Figure, write
from tests.support.town import Town, running_town

Parts = dict[str, Callable[[Town], list[Figure]]]

# In this order: the log is measured before the town is filled with people and shifts, whose jobs share its workers.
PARTS: Parts = {
    "bookings": lambda town: [*last_unit.measure(town), *handover_latency.measure(town), *pages.measure(town)],
    "events": lambda town: [*event_latency.measure(town), *throughput.measure(town), *event_cost.measure(town)],
    "outage": broker_outage.measure,
    "shifts": lambda town: [*shift_list.measure(town), *plans_and_feeds.measure(town), *sign_ups.measure(town)],
    "footprint": lambda town: footprint.memory(town.system),
}
REBUILD = "rebuild"


def main(*chosen: str) -> int:
    wanted = chosen or (*PARTS, REBUILD)
    if unknown := set(wanted) - {*PARTS, REBUILD}:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join([*PARTS, REBUILD])}", file=sys.stderr)
        return 2
    figures = _of_a_town([part for part in PARTS if part in wanted])
    if REBUILD in wanted:
        figures += rebuilding.measure()
    for figure in figures:
        print(figure)
    write(figures)
    print(f"written to {FILE}")
    return 0 if all(figure.met for figure in figures) else 1


def _of_a_town(parts: list[str]) -> list[Figure]:
    if not parts:
        return []
    figures = []
    with running_town("bench") as town:
        handover_latency.keep_commit_times(town)
        for part in parts:
            if part == "shifts":
                crowd.fill(town)
            figures += PARTS[part](town)
        if "footprint" in parts:
            town.system.down()
            figures += footprint.prepared_start(town.system)
    return figures


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
