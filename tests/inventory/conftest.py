"""The town of stories.py in a fresh database, on the morning of the hand-out; its books must balance at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from shared.db import Database
from tests.inventory import stories
from tests.support.books import UNBALANCED


@pytest.fixture
def database(database_of: Callable[[str], Database], moved_clock: Callable[[datetime], None]) -> Iterator[Database]:
    moved_clock(stories.FETCHED_AT)
    database = database_of("inventory")
    stories.a_town(database)
    yield database
    with database.read() as session:
        assert session.scalars(UNBALANCED).all() == []


@pytest.fixture
def app(database: Database) -> Flask:
    return stories.the_app(database)
