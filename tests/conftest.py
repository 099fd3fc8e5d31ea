"""Real parts for all tests: PostgreSQL for whoever needs a database, Kafka for whoever is marked `broker`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from deploy.local.testing import temporary_kafka, temporary_postgres
from shared import clock
from shared.db import Database
from shared.messaging.operations import topics
from tests.support.databases import create_migrated, empty

os.environ.setdefault("KOMMUNITY_ENVIRONMENT", "test")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The superuser's address of a real server that lives as long as the test run."""
    with temporary_postgres() as admin_url:
        yield admin_url


@pytest.fixture(scope="session")
def migrated(postgres: str) -> Iterator[Callable[[str], Database]]:
    """Call it with a service's name: its migrated database, made once per run."""
    databases: dict[str, Database] = {}

    def get(service: str) -> Database:
        if service not in databases:
            databases[service] = Database(create_migrated(postgres, service))
        return databases[service]

    yield get
    for database in databases.values():
        database.engine.dispose()


@pytest.fixture
def database_of(migrated: Callable[[str], Database]) -> Callable[[str], Database]:
    """Like `migrated`, but empty at the start of the test."""

    def get(service: str) -> Database:
        database = migrated(service)
        empty(database)
        return database

    return get


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """The bootstrap address of a real broker with all topics."""
    with temporary_kafka() as bootstrap:
        topics.create_missing(bootstrap)
        yield bootstrap


@pytest.fixture
def moved_clock(tmp_path) -> Iterator[Callable]:  # type: ignore[no-untyped-def]
    """Call it with an instant: the clock goes on from there until the test ends."""
    clock.use_file(tmp_path / "clock")
    yield clock.move_to
    clock.use_file(None)
