"""Finds a service's rooms by name, since what is shared imports no service."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
from sqlalchemy import Table, inspect

from shared.db import Database
from shared.messaging.subscription import Subscription


def room(service: str, name: str) -> Any:
    """The module `services.<service>.<name>`, or None where the service has no such room."""
    if find_spec(f"services.{service}") is None:
        raise click.BadParameter(f"there is no service named {service!r}.")
    module = f"services.{service}.{name}"
    return import_module(module) if find_spec(module) else None


def subscription_of(service: str) -> Subscription:
    """Its copies and reactions; empty for a service that only tells."""
    reactions = room(service, "reactions")
    return Subscription(getattr(reactions, "COPIES", {}), getattr(reactions, "REACTIONS", {}))


def copy_tables_of(service: str) -> list[Table]:
    """The tables that its copies make, and nothing else."""
    return [model.__table__ for model in getattr(room(service, "reactions"), "COPY_TABLES", ())]


def database_of(service: str, url: str) -> Database:
    """Its database, for a command that an operator types. Raises ClickException if `url` names another's, or none."""
    tables = room(service, "models").Base.metadata.tables
    if not url:
        raise click.ClickException(f"KOMMUNITY_DATABASE_URL is not set: it has to name the database of {service}.")
    database = Database(url)
    missing = tables.keys() - set(inspect(database.engine).get_table_names())
    if missing:
        raise click.ClickException(
            f"KOMMUNITY_DATABASE_URL names no database of {service}: there is no table {', '.join(sorted(missing))}."
        )
    return database
