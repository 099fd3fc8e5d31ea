"""The tables that the migrations make are those that the models speak of."""

from __future__ import annotations

from alembic import command

from shared.db import Database
from shared.migrations import config_for


def test_models_and_migrations_agree(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    command.check(config_for("inventory", url))
