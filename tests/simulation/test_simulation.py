"""A short simulation in every test run, and the proof that it finds what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import structlog

from deploy.local.translations import compile_all
from shared.db import Database
from tests.simulation.planted import FAULTS
from tests.simulation.seed import Outcome, SeedFailed, run
from tests.simulation.stores import SERVICES, Stores

SEEDS = range(1, 26)
MOST_SEEDS = 60  # until a planted fault has to be found


@pytest.fixture(scope="module")
def stores(migrated: Callable[[str], Database]) -> Iterator[Stores]:
    compile_all()
    urls = {service: migrated(service).engine.url.render_as_string(hide_password=False) for service in SERVICES}
    stores = Stores(urls)
    with structlog.testing.capture_logs():  # crashes are told by the trace
        yield stores
    stores.close()


def test_nothing_is_lost_doubled_or_promised_twice_whatever_dies(stores: Stores) -> None:
    outcomes = _run_all(stores, SEEDS)
    assert sum(outcome.crashes for outcome in outcomes) > len(SEEDS)


def test_the_same_seed_goes_the_same_way(stores: Stores) -> None:
    assert run(stores, 5) == run(stores, 5)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(stores: Stores, fault: str) -> None:
    with FAULTS[fault](), pytest.raises(SeedFailed):
        _run_all(stores, range(1, MOST_SEEDS + 1))


def _run_all(stores: Stores, seeds: range) -> list[Outcome]:
    return [run(stores, seed) for seed in seeds]
