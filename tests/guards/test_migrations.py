"""The tables that the migrations make are those that the models describe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from alembic import command

from shared.db import Database
from shared.migrations import config_for
from tests.guards.house import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_models_and_migrations_agree(service: str, migrated: Callable[[str], Database]) -> None:
    url = migrated(service).engine.url.render_as_string(hide_password=False)
    command.check(config_for(service, url))
