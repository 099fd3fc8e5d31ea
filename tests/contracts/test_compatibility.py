"""The gate: which changes of an event pass it, and what it says to those that do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from shared.cli import main
from shared.contracts import Event, golden
from shared.contracts.base import REGISTRY, UPCASTERS, event, upcaster
from shared.contracts.values import Words

State = Annotated[str, Words("whole", "broken")]


@dataclass(frozen=True)
class Shelf:
    name: str
    places: int


PUBLISHED = {"thing_id": UUID, "room": str, "count": int, "state": State, "shelves": tuple[Shelf, ...]}


def without(*names: str) -> dict[str, Any]:
    return {name: hint for name, hint in PUBLISHED.items() if name not in names}


def changed(hints: dict[str, Any], key: str = "thing_id", version: int = 1, name: str = "ThingMoved") -> type[Event]:
    """The event with other fields; of a pair the second is the default."""
    defaults = {name: hint[1] for name, hint in hints.items() if isinstance(hint, tuple)}
    types = {name: hint[0] if isinstance(hint, tuple) else hint for name, hint in hints.items()}
    cls = type(name, (Event,), {**defaults, "__annotations__": types, "__doc__": "A thing moved."})
    return event("tests", key=key, version=version)(dataclass(frozen=True)(cls))


@pytest.fixture(autouse=True)
def _only_our_own_events() -> Iterator[None]:
    saved: list[tuple[Any, Any]] = [(known, dict(known)) for known in (REGISTRY, UPCASTERS)]
    for known, _ in saved:
        known.clear()
    yield
    for known, before in saved:
        known.clear()
        known.update(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The golden files, in which the event stands as it was published."""
    return published(tmp_path, PUBLISHED)


def published(root: Path, hints: dict[str, Any]) -> Path:
    folder = root / "golden"
    folder.mkdir()
    changed(hints)
    golden.keep(folder)
    golden.release("1.0.0", folder)
    return folder


def contracts(command: str, folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["contracts", command, "--golden", str(folder), *arguments])
    return result.exit_code, result.output


@dataclass(frozen=True)
class NarrowShelf:
    name: str


BREAKING: dict[str, tuple[dict[str, Any], str]] = {
    "a removed field": (without("count"), "old code cannot read new events: data.count is required and not there"),
    "a renamed field": ({**without("count"), "amount": int}, "data.amount is required and not there"),
    "a field renamed with a default": ({**without("count"), "amount": (int, 0)}, "data.count is required and not"),
    "a removed field of a part": (
        {**PUBLISHED, "shelves": tuple[NarrowShelf, ...]},
        "data.shelves[].places is required and not there",
    ),
    "a new required field": (
        {**PUBLISHED, "floor": int},
        "new code cannot read old events: data.floor is required and not there",
    ),
    "another type": ({**PUBLISHED, "count": str}, "data.count is integer, where string is expected"),
    "another format": ({**PUBLISHED, "room": UUID}, "data.room is string, where string (uuid) is expected"),
    "null where there was none": (
        {**PUBLISHED, "count": int | None},
        "old code cannot read new events: data.count may",
    ),
    "no null where there was one": (
        {**PUBLISHED, "note": str},
        "new code cannot read old events: data.note may be null",
    ),
    "a renamed word": (
        {**PUBLISHED, "state": Annotated[str, Words("whole", "damaged")]},
        "new code cannot read old events: data.state may be broken, where only whole, damaged are known",
    ),
    "a removed word": ({**PUBLISHED, "state": Annotated[str, Words("whole")]}, "data.state may be broken"),
    "a new word": (
        {**PUBLISHED, "state": Annotated[str, Words("whole", "broken", "lost")]},
        "old code cannot read new events: data.state may be lost, where only whole, broken are known",
    ),
    "an opened list of words": ({**PUBLISHED, "state": str}, "data.state may be any text"),
}


@pytest.mark.parametrize(("hints", "said"), BREAKING.values(), ids=BREAKING.keys())
def test_a_breaking_change_is_named_with_the_way_to_do_it_instead(
    tmp_path: Path, hints: dict[str, Any], said: str
) -> None:
    folder = published(tmp_path, {**PUBLISHED, "note": str | None} if "note" in hints else PUBLISHED)
    changed(hints)
    code, output = contracts("check", folder)
    assert code == 1
    assert "tests.thing-moved.v1: " in output
    assert said in output
    assert "named ThingMovedV1" in output
    assert "@event(…, version=2)" in output
    assert '@upcaster(from_type="tests.thing-moved.v1")' in output
    assert contracts("keep", folder)[0] == 1


def test_another_key_is_a_breaking_change(folder: Path) -> None:
    changed(PUBLISHED, key="room")
    assert "its key was thing_id and is room" in contracts("check", folder)[1]


def test_a_class_may_not_go(folder: Path) -> None:
    REGISTRY.clear()
    code, output = contracts("check", folder)
    assert (code, "its class is gone" in output, "Bring it back" in output) == (1, True, True)


def test_an_optional_field_is_fine_once_it_is_kept_and_may_not_go_again(folder: Path) -> None:
    changed({**PUBLISHED, "floor": (int, 0)})
    assert "not kept yet: tests.thing-moved.v1" in contracts("check", folder)[1]
    assert contracts("keep", folder)[0] == 0
    assert contracts("check", folder)[0] == 0
    changed(PUBLISHED)
    assert "understand differently: data.floor is gone" in contracts("check", folder)[1]


def test_every_form_that_ever_was_counts_not_the_last_alone(folder: Path) -> None:
    """The last form would allow it: there `floor` is written always."""
    changed({**PUBLISHED, "floor": (int, 0)})
    golden.keep(folder)
    changed({**PUBLISHED, "floor": int})
    assert "new code cannot read old events: data.floor is required" in contracts("check", folder)[1]


def test_another_default_is_a_breaking_change(folder: Path) -> None:
    """Old events that do not say would mean something else from now on."""
    changed({**PUBLISHED, "floor": (int, 0)})
    golden.keep(folder)
    changed({**PUBLISHED, "floor": (int, 1)})
    assert "data.floor was 0 where an event does not say, and would be 1" in contracts("check", folder)[1]


def a_new_version() -> type[Event]:
    changed(PUBLISHED, name="ThingMovedV1")
    return changed({**without("count"), "amount": int}, version=2)


def test_a_new_version_beside_the_old_one_with_an_upcaster_is_fine(folder: Path) -> None:
    new = a_new_version()
    upcast: Callable[[Any], Any] = lambda told: new(told.thing_id, told.room, told.state, told.shelves, told.count)  # noqa: E731
    upcast.__annotations__["return"] = new
    upcaster(from_type="tests.thing-moved.v1")(upcast)
    assert contracts("keep", folder) == (0, "kept: tests.thing-moved.v2\n")
    assert contracts("check", folder)[0] == 0


@pytest.mark.parametrize("command", ["check", "keep"])
def test_a_new_version_without_an_upcaster_would_leave_the_old_ones_behind(folder: Path, command: str) -> None:
    a_new_version()
    code, output = contracts(command, folder)
    assert code == 1
    assert "tests.thing-moved.v1: nothing turns it into v2" in output
    assert '@upcaster(from_type="tests.thing-moved.v1") that returns a ThingMoved.' in output


def test_what_was_released_counts_also_when_its_golden_file_is_gone(folder: Path) -> None:
    (folder / "tests.thing-moved.v1.json").unlink()
    changed(without("count"))
    assert "data.count is required and not there" in contracts("check", folder)[1]
    golden.keep(folder)
    assert contracts("release", folder, "1.1.0")[0] == 1
    assert golden.released(folder)["tests.thing-moved.v1"][0]["schema"]["properties"].keys() == PUBLISHED.keys()


def test_a_release_counts_what_was_kept_by_then(folder: Path) -> None:
    changed({**PUBLISHED, "floor": (int, 0)})
    golden.keep(folder)
    assert len(golden.released(folder)["tests.thing-moved.v1"]) == 1
    assert contracts("release", folder, "1.1.0")[0] == 0
    assert len(golden.released(folder)["tests.thing-moved.v1"]) == 2


def test_without_what_was_released_nothing_is_said_to_be_well(folder: Path) -> None:
    (folder.parent / "released.json").unlink()
    code, output = contracts("check", folder)
    assert (code, "what the last release kept is not there" in output) == (1, True)
