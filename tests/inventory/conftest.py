"""The town of stories.py in a fresh database, on the morning of the hand-out; its books must balance at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from shared.db import Database
from tests.inventory import stories

# Materials whose counts do not agree with the ledger, the loans or the units.
UNBALANCED = text(
    """
    SELECT name FROM materials m WHERE
      owned - broken - missing - consumed <>
        (SELECT coalesce(sum(change), 0) FROM stock_movements WHERE material_id = m.id)
      OR out <> (SELECT coalesce(sum(handed_out - returned - l.broken - l.missing), 0)
                 FROM handover_lines l WHERE l.material_id = m.id AND m.kind <> 'consumable')
      OR kind = 'numbered' AND (owned - broken - missing, broken, missing, out) <>
        (SELECT count(*) FILTER (WHERE state = 'usable'), count(*) FILTER (WHERE state = 'broken'),
                count(*) FILTER (WHERE state = 'missing'), count(line_id)
         FROM units WHERE material_id = m.id)
    """
)


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
