"""The gate: which changes of an event pass it, and what it says to those that do not."""

from __future__ import annotations

import json
import subprocess
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
from shared.contracts.golden import released
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
def _only_our_own_events(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(golden, "released", lambda *_: {})
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
    changed(PUBLISHED)
    golden.keep(tmp_path)
    return tmp_path


def contracts(command: str, folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["contracts", command, "--golden", str(folder)])
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
    changed({**PUBLISHED, "note": str | None} if "note" in hints else PUBLISHED)
    golden.keep(tmp_path)
    changed(hints)
    code, output = contracts("check", tmp_path)
    assert code == 1
    assert "tests.thing-moved.v1: " in output
    assert said in output
    assert "named ThingMovedV1" in output
    assert "@event(…, version=2)" in output
    assert '@upcaster(from_type="tests.thing-moved.v1")' in output
    assert contracts("keep", tmp_path)[0] == 1


def test_another_key_is_a_breaking_change(folder: Path) -> None:
    changed(PUBLISHED, key="room")
    assert "its key was thing_id and is room" in contracts("check", folder)[1]


def test_a_class_may_not_go(folder: Path) -> None:
    REGISTRY.clear()
    code, output = contracts("check", folder)
    assert (code, "its class is gone" in output) == (1, True)


def test_an_optional_field_is_fine_once_it_is_kept_and_may_not_go_again(folder: Path) -> None:
    changed({**PUBLISHED, "floor": (int, 0)})
    assert "not kept yet: tests.thing-moved.v1" in contracts("check", folder)[1]
    assert contracts("keep", folder)[0] == 0
    assert contracts("check", folder)[0] == 0
    changed(PUBLISHED)
    assert "old code would miss what it knows: data.floor is gone" in contracts("check", folder)[1]


def test_every_form_that_ever_was_counts_not_the_last_alone(folder: Path) -> None:
    """The last form would allow it: there `floor` is written always."""
    changed({**PUBLISHED, "floor": (int, 0)})
    golden.keep(folder)
    changed({**PUBLISHED, "floor": int})
    assert "new code cannot read old events: data.floor is required" in contracts("check", folder)[1]


def test_a_new_version_beside_the_old_one_with_an_upcaster_is_fine(folder: Path) -> None:
    old = changed(PUBLISHED, name="ThingMovedV1")
    new = changed({**without("count"), "amount": int}, version=2)
    upcast: Callable[[Any], Any] = lambda told: new(told.thing_id, told.room, told.state, told.shelves, told.count)  # noqa: E731
    upcast.__annotations__["return"] = new
    upcaster(from_type="tests.thing-moved.v1")(upcast)
    assert contracts("keep", folder) == (0, "kept: tests.thing-moved.v2\n")
    assert contracts("check", folder)[0] == 0
    assert old.event_type == "tests.thing-moved.v1"


def test_what_the_last_release_kept_is_read_from_its_tag(folder: Path, tmp_path: Path) -> None:
    """So a file that was changed since changes nothing."""
    root = tmp_path / "checkout"
    place = root / "tests" / "contracts" / "golden"
    place.mkdir(parents=True)
    form = golden.kept(folder)["tests.thing-moved.v1"]
    (place / "tests.thing-moved.v1.json").write_text(json.dumps(form))

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=Tests", "-c", "user.email=tests@kommunity.example"]
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    assert released(root) == {}
    git("tag", "v1.0.0")
    (place / "tests.thing-moved.v1.json").write_text("[]")
    assert released(root) == {"tests.thing-moved.v1": form}
