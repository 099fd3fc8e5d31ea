"""`make simulate SEEDS=1000`, or SEED=17 to see what happened in that one."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
import structlog

from deploy.local.testing import temporary_postgres
from deploy.local.translations import compile_all
from tests.simulation.seed import Outcome, SeedFailed, run
from tests.simulation.stores import SERVICES, Stores
from tests.support.databases import create_migrated

REPORT_EVERY_S = 10


@contextmanager
def own_stores() -> Iterator[Stores]:
    """On a PostgreSQL server of its own, so that nobody else's work changes how a seed goes."""
    with temporary_postgres() as admin_url:
        stores = Stores({service: create_migrated(admin_url, service) for service in SERVICES})
        gc.freeze()  # all that was loaded stays, and need not be looked through again and again
        try:
            yield stores
        finally:
            stores.close()


@click.command()
@click.option("--seeds", default=1000, help="How many seeds, from 1 on.")
@click.option("--seed", default=None, type=int, help="Only this one, with all that happens in it.")
@click.option("--processes", default=2, help="How many at a time, each with its own databases.")
def main(seeds: int, seed: int | None, processes: int) -> None:
    """Simulate the town, seed by seed. Ends with 1 if a promise was broken."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    compile_all()
    if seed is not None:
        with own_stores() as stores:
            outcome = run(stores, seed)
        click.echo("\n".join([*outcome.trace, _told(outcome)]))
        return
    failed = _all(range(1, seeds + 1), processes)
    raise SystemExit(1 if failed else 0)


def _all(seeds: range, processes: int) -> list[int]:
    begun = reported = time.monotonic()
    failed: list[int] = []
    events = crashes = 0
    results: multiprocessing.Queue[Outcome | tuple[int, str] | None] = multiprocessing.Queue()
    shares = [multiprocessing.Process(target=_share, args=(seeds[n::processes], results)) for n in range(processes)]
    for share in shares:
        share.start()
    running, done = processes, 0
    while running:
        result = results.get()
        if result is None:
            running -= 1
            continue
        done += 1
        if isinstance(result, Outcome):
            events, crashes = events + result.events, crashes + result.crashes
        else:
            failed.append(result[0])
            click.echo(result[1])
        if time.monotonic() > reported + REPORT_EVERY_S or done == len(seeds):
            reported = time.monotonic()
            click.echo(
                f"{done} of {len(seeds)} seeds, {done / (reported - begun):.1f}/s, {events} records, "
                f"{crashes} crashes, failed: {sorted(failed) or 'none'}"
            )
    return failed


def _share(seeds: range, results: multiprocessing.Queue[Outcome | tuple[int, str] | None]) -> None:
    try:
        with own_stores() as stores:
            for seed in seeds:
                try:
                    results.put(run(stores, seed))
                except SeedFailed as failure:
                    results.put((seed, str(failure)))
    finally:
        results.put(None)


def _told(outcome: Outcome) -> str:
    return (
        f"seed {outcome.seed}: {outcome.events} records, {outcome.crashes} crashes, fingerprint {outcome.fingerprint}"
    )


if __name__ == "__main__":
    main()
