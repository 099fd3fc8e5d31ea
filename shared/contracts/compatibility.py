"""May this form of an event stand beside that one? Old and new code run side by side, and the log keeps everything.

FULL_TRANSITIVE: new code reads every form that was ever written, and old code of every form reads what is written now.
A form is a JSON Schema as shared/contracts/codec.py makes it. What is in a form is always written, null included; what
is required is needed for reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Form = dict[str, Any]
NULL = {"type": "null"}


def breaks(old: Form, new: Form) -> list[str]:
    """What breaks when `new` takes the place of `old`, one sentence each; empty if all is well."""
    found = [f"new code cannot read old events: {text}" for text in unreadable(old, new)]
    found += [f"old code cannot read new events: {text}" for text in unreadable(new, old)]
    return found + [f"old and new code would understand differently: {text}" for text in _lost(old, new)]


def unreadable(written: Form, reader: Form, path: str = "data") -> Iterator[str]:
    """Why a reader of the form `reader` may stumble over what is written in the form `written`."""
    if "anyOf" in written and "anyOf" not in reader:
        yield f"{path} may be null"
    written, reader = _without_null(written), _without_null(reader)
    if _kind(written) != _kind(reader):
        yield f"{path} is {_kind(written)}, where {_kind(reader)} is expected"
    elif "enum" in reader and (unknown := _words(written, reader)):
        yield f"{path} may be {unknown}, where only {', '.join(reader['enum'])} are known"
    elif "items" in reader:
        yield from unreadable(written["items"], reader["items"], f"{path}[]")
    elif "properties" in reader:
        yield from _unreadable_fields(written, reader, path)


def _unreadable_fields(written: Form, reader: Form, path: str) -> Iterator[str]:
    for name, form in reader["properties"].items():
        if name in written["properties"]:
            yield from unreadable(written["properties"][name], form, f"{path}.{name}")
        elif name in reader["required"]:
            yield f"{path}.{name} is required and not there"


def _lost(old: Form, new: Form, path: str = "data") -> Iterator[str]:
    """Where reading goes well, and something else than what was told is silently taken for the truth."""
    old, new = _without_null(old), _without_null(new)
    if "items" in old and "items" in new:
        yield from _lost(old["items"], new["items"], f"{path}[]")
    for name, form in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from _other_default(form, new["properties"][name], f"{path}.{name}")
            yield from _lost(form, new["properties"][name], f"{path}.{name}")
        elif name not in old["required"]:
            yield f"{path}.{name} is gone, and old code would take its default for the truth"


def _other_default(old: Form, new: Form, path: str) -> Iterator[str]:
    if "default" in old and "default" in new and old["default"] != new["default"]:
        before, after = json.dumps(old["default"]), json.dumps(new["default"])
        yield f"{path} was {before} where an event does not say, and would be {after}"


def _without_null(form: Form) -> Form:
    return next((one for one in form.get("anyOf", []) if one != NULL), form)


def _kind(form: Form) -> str:
    return f"{form['type']} ({form['format']})" if "format" in form else str(form["type"])


def _words(written: Form, reader: Form) -> str:
    if "enum" not in written:
        return "any text"
    return ", ".join(word for word in written["enum"] if word not in reader["enum"])
