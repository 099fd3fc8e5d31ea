"""One real, migrated database per service, emptied before each test that asks for it."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, make_url, text

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
    tables = [f'"{name}"' for name in inspect(database.engine).get_table_names() if name != "alembic_version"]
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
