"""What is made once for many seeds: each service's real database and app, and its relay's connection."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import psycopg
from flask import Flask
from psycopg.rows import namedtuple_row
from sqlalchemy import inspect

from services.volunteers import clients
from shared.db import Database
from shared.service_client import AccountsService, ServiceToken
from shared.settings import Environment, Settings
from tests.simulation.crashes import Fuse
from tests.simulation.switchboard import address_of

SERVICES = ("accounts", "bookings", "inventory", "notifications", "volunteers")


class Stores:
    """`urls`: of the services' migrated databases, which belong to nobody else meanwhile."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.fuse = Fuse()
        self.databases = {service: Database(urls[service], pool=2) for service in SERVICES}
        self.filled = {service: _filled(database) for service, database in self.databases.items()}
        self.hashing = {service: _hashing(database) for service, database in self.databases.items()}
        for database in self.databases.values():
            self.fuse.lies_at(database)
        addresses: dict[str, Any] = {f"{service}_url": address_of(service) for service in SERVICES}
        self.config = Settings(environment=Environment.TEST, **addresses)
        self.apps = self._apps()
        self.readers = {service: _connection(urls[service]) for service in SERVICES}
        self.relays = {service: RelayConnection(urls[service], self.fuse) for service in SERVICES}

    def _apps(self) -> dict[str, Flask]:
        """All of them know accounts' key, as from its JWKS address."""
        apps: dict[str, Flask] = {}
        for service in SERVICES:
            keys = {"keys": apps["accounts"].extensions["kommunity_signing_key"]} if apps else {}
            create = import_module(f"services.{service}.app").create_app
            apps[service] = create(self.config, database=self.databases[service], **keys)
        token = ServiceToken(self.config.accounts_url, "volunteers", self.config.service_secret)
        apps["volunteers"].extensions[clients.ACCOUNTS] = AccountsService(self.config.accounts_url, token)
        return apps

    def empty(self) -> None:
        """Only what holds something: to empty all tables would take longer than to use some of them."""
        for service, reader in self.readers.items():
            tables = ", ".join(f'"{row.name}"' for row in reader.execute(self.filled[service]))
            if tables:
                reader.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        self.readers["bookings"].execute("ALTER SEQUENCE booking_numbers RESTART")

    def close(self) -> None:
        for connection in (*self.readers.values(), *(relay.connection for relay in self.relays.values())):
            connection.close()
        for database in self.databases.values():
            database.engine.dispose()


class RelayConnection:
    """A relay's own connection, each statement of which is a step at which it may die."""

    def __init__(self, url: str, fuse: Fuse) -> None:
        self.connection = _connection(url)
        self.fuse = fuse

    def execute(self, statement: Any, values: Any = None) -> Any:
        self.fuse.burn("at the outbox")
        return self.connection.execute(statement, values)


def _connection(url: str) -> psycopg.Connection[Any]:
    dsn = url.replace("postgresql+psycopg:", "postgresql:", 1)
    return psycopg.connect(dsn, autocommit=True, row_factory=namedtuple_row, options="-c timezone=UTC")


def _tables(database: Database) -> list[str]:
    return [name for name in inspect(database.engine).get_table_names() if not name.endswith("_version")]


def _filled(database: Database) -> str:
    """The SQL that names the tables with rows in them."""
    one = "SELECT '{0}' AS name WHERE EXISTS (SELECT FROM \"{0}\")"
    return " UNION ALL ".join(one.format(name) for name in _tables(database))


def _hashing(database: Database) -> str:
    """The SQL for a hash of each table's content."""
    one = "SELECT '{0}' AS name, coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS hash FROM \"{0}\" t"
    return " UNION ALL ".join(one.format(name) for name in _tables(database))
