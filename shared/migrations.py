"""Alembic without ini files: `upgrade` brings a service's database up to date, `run` is what each env.py calls.

A service's own tables have one history, the plumbing that all services share has another.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, pool

from shared.messaging.tables import plumbing

PLUMBING = Path(__file__).parent / "messaging" / "migrations"
PLUMBING_VERSION = "plumbing_version"


def config_for(service: str, database_url: str) -> Config:
    spec = find_spec(f"services.{service}")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"There is no service named {service}.")
    return _config(Path(spec.submodule_search_locations[0]) / "migrations", database_url)


def _config(scripts: Path, database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def upgrade(service: str, database_url: str) -> None:
    """Run the service's missing migrations, one process at a time."""
    command.upgrade(config_for(service, database_url), "head")
    upgrade_plumbing(database_url)


def upgrade_plumbing(database_url: str) -> None:
    command.upgrade(_config(PLUMBING, database_url), "head")


def run(metadata: MetaData, version_table: str = "alembic_version") -> None:
    """For migrations/env.py: run against the configured database; `metadata` serves autogenerate and its check."""
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=[metadata, plumbing],
            compare_type=True,
            transaction_per_migration=False,
            version_table=version_table,
            include_name=lambda name, kind, _: (kind, name) != ("table", PLUMBING_VERSION),
        )
        with context.begin_transaction():
            context.execute("SELECT pg_advisory_xact_lock(4711)")
            context.run_migrations()
