"""The town of stories.py in a fresh database, on the morning of the hand-out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from shared.db import Database
from tests.inventory import stories


@pytest.fixture
def database(database_of: Callable[[str], Database], moved_clock: Callable) -> Database:  # type: ignore[type-arg]
    moved_clock(stories.FETCHED_AT)
    database = database_of("inventory")
    stories.a_town(database)
    return database


@pytest.fixture
def app(database: Database) -> Flask:
    return stories.the_app(database)
