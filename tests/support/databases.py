"""One real, migrated database per service, emptied before each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event, inspect, make_url, text

from shared import migrations
from shared.db import Database


def create_migrated(admin_url: str, service: str) -> str:
    """Create the service's database on the server, run its migrations, return its address."""
    name = f"kommunity_{service}"
    engine = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    url = make_url(admin_url).set(database=name).render_as_string(hide_password=False)
    migrations.upgrade(service, url)
    return url


def empty(database: Database) -> None:
    """Delete every row and start every sequence anew."""
    kept = ("alembic_version", migrations.PLUMBING_VERSION)
    tables = [f'"{name}"' for name in inspect(database.engine).get_table_names() if name not in kept]
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every SQL statement that is sent while it is open."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
