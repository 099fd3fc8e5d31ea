"""Processes die between any two steps: a fuse is lit, and burns a little at each step until it is gone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared.db import Database

LONGEST = 12  # steps; few transactions have more, and those die early


class Crash(BaseException):
    """The process is gone. No `except Exception` may hear of it, as it could not of kill -9."""


class Fuse:
    """One for the whole town: only one thing happens at a time."""

    def __init__(self) -> None:
        self.left: int | None = None

    @contextmanager
    def lit(self, chance: random.Random, probability: float) -> Iterator[None]:
        """With this probability what is done inside dies at one of its steps."""
        length = chance.randint(1, LONGEST)
        self.left = length if chance.random() < probability else None
        try:
            yield
        finally:
            self.left = None

    def burn(self, point: str) -> None:
        """A step of whoever is at work. Raises Crash if it is the last one."""
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.left = None
                raise Crash(point)

    def lies_at(self, database: Database) -> None:
        """From now on each statement and each commit of the database is a step."""

        def before_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            self.burn(" ".join(statement.split())[:60])

        event.listen(database.engine, "before_cursor_execute", before_statement)
        event.listen(database.engine, "commit", lambda _: self.burn("before the commit"))
