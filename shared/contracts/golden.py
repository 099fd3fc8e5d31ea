"""Golden files: each event type in every form in which it was ever published, with examples. Never rewritten.

They stand for the events that are in the log already and for the code that runs beside ours during a deployment. Beside
them lies what they were at the last release, all in one file, so that none of it gets lost on the way to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.contracts.base import REGISTRY, UPCASTERS, Event
from shared.contracts.codec import ContractError, schema_of
from shared.contracts.compatibility import breaks
from shared.contracts.examples import examples

FOLDER = Path(__file__).parents[2] / "tests" / "contracts" / "golden"

Golden = list[dict[str, Any]]  # the forms, oldest first


def form_of(event_class: type[Event]) -> dict[str, Any]:
    """What is kept of a class."""
    return {
        "key": event_class.key_field,
        "schema": schema_of(event_class).form(),
        "examples": [one.to_payload() for one in examples(event_class)],
    }


def kept(folder: Path = FOLDER) -> dict[str, Golden]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def _released_file(folder: Path) -> Path:
    return folder.parent / "released.json"


def released(folder: Path = FOLDER) -> dict[str, Golden]:
    """What the last release kept; nothing before the first release."""
    file = _released_file(folder)
    found: dict[str, Golden] = json.loads(file.read_text())["events"] if file.exists() else {}
    return found


def release(version: str, folder: Path = FOLDER) -> None:
    """From now on all that is kept counts as released."""
    content = {"release": version, "events": kept(folder)}
    _released_file(folder).write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


def problems(goldens: dict[str, Golden]) -> Iterator[str]:
    """What the classes break of these promises, and what to do instead."""
    for event_type, forms in goldens.items():
        if event_type not in REGISTRY:
            yield (
                f"{event_type}: its class is gone, but its events are in the log for ever. Bring it back as it was,"
                " also if nobody tells it any more; what is told instead is an event beside it."
            )
            continue
        found = [text for form in forms for text in _broken(REGISTRY[event_type], form)]
        if found:
            yield f"{event_type}: {'; '.join(dict.fromkeys(found))}. {_instead(event_type)}"


def left_behind() -> Iterator[str]:
    """Versions that nothing turns into the next one: whoever reacts to the newest would pass them over."""
    for event_type, event_class in REGISTRY.items():
        name, _, version = event_type.rpartition(".v")
        later = [int(other.rpartition(".v")[2]) for other in REGISTRY if other.rpartition(".v")[0] == name]
        following = min((number for number in later if number > int(version)), default=None)
        if following and event_class not in UPCASTERS:
            yield (
                f"{event_type}: nothing turns it into v{following}, so what it told long ago would be passed over."
                f' Instead: write a function marked @upcaster(from_type="{event_type}") that returns a'
                f" {REGISTRY[f'{name}.v{following}'].__name__}."
            )


def _broken(event_class: type[Event], form: dict[str, Any]) -> list[str]:
    new = form_of(event_class)
    if new["key"] != form["key"]:
        return [f"its key was {form['key']} and is {new['key']}, so order would be kept for something else"]
    return breaks(form["schema"], new["schema"]) or list(_unread(event_class, form["examples"]))


def _unread(event_class: type[Event], payloads: list[dict[str, Any]]) -> Iterator[str]:
    """The proof of the pudding: what was written long ago is read, and written again as it was."""
    for payload in payloads:
        try:
            again = event_class.from_payload(payload).to_payload()
        except ContractError as error:
            yield f"new code cannot read an old event: {error}"
        else:
            if not _holds(again, payload):
                yield f"an old event is written differently now: {payload} became {again}"


def _holds(new: Any, old: Any) -> bool:
    """Whether all of `old` is in `new`, which may have more fields."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and _holds(new[name], value) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_holds(*pair) for pair in zip(new, old, strict=True))
    return type(old) is type(new) and bool(old == new)


def _instead(event_type: str) -> str:
    name, _, version = event_type.rpartition(".v")
    called = "".join(part.title() for part in name.partition(".")[2].split("-"))
    following = int(version) + 1
    return (
        f"Instead: keep the class as it was, named {called}V{version}; write the changed one beside it as"
        f" {called} with @event(…, version={following}); and turn the old into the new one in a function marked"
        f' @upcaster(from_type="{event_type}"). What may be added in place is a field with a default.'
    )


def unkept(goldens: dict[str, Golden]) -> list[str]:
    """Types that are new, or have a new form."""
    return [
        event_type
        for event_type, event_class in REGISTRY.items()
        if form_of(event_class) not in goldens.get(event_type, [])
    ]


def keep(folder: Path = FOLDER) -> list[str]:
    """Add the forms that are new to the files. Returns their types."""
    goldens = kept(folder)
    added = unkept(goldens)
    for event_type in added:
        forms = [*goldens.get(event_type, []), form_of(REGISTRY[event_type])]
        (folder / f"{event_type}.json").write_text(json.dumps(forms, indent=1, ensure_ascii=False) + "\n")
    return added
