"""Start a system of its own, measure, print, write build/bench.json; exits 1 where an aim is not met."""

from __future__ import annotations

import sys

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
from tests.benchmarks.results import FILE, write
from tests.support.town import running_town


def main() -> int:
    with running_town("bench") as town:
        handover_latency.keep_commit_times(town)
        figures = [*last_unit.measure(town), *handover_latency.measure(town), *pages.measure(town)]
        crowd.fill(town)
        figures += [*shift_list.measure(town), *plans_and_feeds.measure(town), *sign_ups.measure(town)]
        figures += [*event_latency.measure(town), *throughput.measure(town), *event_cost.measure(town)]
        figures += broker_outage.measure(town)
        figures += footprint.memory(town.system)
        town.system.down()
        figures += footprint.prepared_start(town.system)
    figures += rebuilding.measure()
    for figure in figures:
        print(figure)
    write(figures)
    print(f"written to {FILE}")
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
