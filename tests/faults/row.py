"""A row of the fault matrix: what is done to the town while people use it, and what must hold afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.load import Load
from tests.faults.town import FaultTown

ONE_BROKER, THREE_BROKERS, SMALL_DISK = "one broker", "three brokers", "small disk"


@dataclass
class Scene:
    """A town in use. `quick`: as short as it means anything."""

    town: FaultTown
    load: Load
    quick: bool
    notes: list[str] = field(default_factory=list)

    def go_on(self, seconds: float, quick: float | None = None) -> None:
        """Let people go on meanwhile."""
        time.sleep(quick if self.quick and quick is not None else seconds)

    def calm(self) -> None:
        """Nobody does anything, and everything has arrived."""
        self.load.stop()
        self.town.wait_drained()

    def note(self, text: str) -> None:
        self.notes.append(text)

    def refuse_unanswered(self) -> None:
        """People must not have noticed anything."""
        assert not self.load.unanswered, f"requests without an answer: {dict(self.load.unanswered)}"


Play = Callable[[Scene], None]


@dataclass(frozen=True)
class Row:
    id: int
    fault: str
    how: str
    play: Play
    ground: str = ONE_BROKER
    within_s: float = 60  # from the end of the fault until everything has arrived
    rate: float = 20
    is_quick: bool = False


ROWS: list[Row] = []


def row(number: int, fault: str, how: str, **more: Any) -> Callable[[Play], Play]:
    def enter(play: Play) -> Play:
        ROWS.append(Row(number, fault, how, play, **more))
        return play

    return enter
