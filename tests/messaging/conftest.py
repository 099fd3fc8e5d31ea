"""A stage for each test: two databases with the plumbing, a broker, and topics of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from shared import logging
from shared.db import Database
from tests.messaging.stage import Stage, lay_tables
from tests.support.databases import empty


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "stage" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """As in the worker: structlog's own default draws every traceback with its variables, which takes a second."""
    logging.configure("tests")


@pytest.fixture(scope="session")
def _two_databases(postgres: str) -> Iterator[list[Database]]:
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    databases = []
    for name in ("messaging_publisher", "messaging_subscriber"):
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        databases.append(Database(make_url(postgres).set(database=name).render_as_string(hide_password=False)))
        lay_tables(databases[-1])
    engine.dispose()
    yield databases
    for database in databases:
        database.engine.dispose()


@pytest.fixture
def stage(broker: str, _two_databases: list[Database]) -> Iterator[Stage]:
    for database in _two_databases:
        empty(database)
    stage = Stage(broker, *_two_databases)
    yield stage
    stage.close()
