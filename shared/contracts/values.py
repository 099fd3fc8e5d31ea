"""The single values of a contract, each as a marshmallow field that is as strict in Python as in JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields


@dataclass(frozen=True)
class Words:
    """The closed list of what a text may be: `kind: Annotated[str, Words("pool", "numbered")]`."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", words)


class Value(fields.Field[Any]):
    """One value; None only where the contract says so."""

    def from_json(self, value: Any) -> Any:
        raise NotImplementedError

    def to_json(self, value: Any) -> Any:
        raise NotImplementedError

    def describe(self, explained: bool) -> dict[str, Any]:
        """Its JSON Schema, but for null."""
        raise NotImplementedError

    def read(self, value: Any) -> Any:
        if value is None:
            return self._none()
        return self.from_json(value)

    def write(self, value: Any) -> Any:
        if value is None:
            return self._none()
        return self.to_json(value)

    def form(self, explained: bool = False) -> dict[str, Any]:
        form = self.describe(explained)
        return {"anyOf": [form, {"type": "null"}]} if self.allow_none else form

    def _none(self) -> None:
        if not self.allow_none:
            raise ValidationError("may not be null")


@dataclass(frozen=True)
class Kind:
    """How one Python type looks in JSON. `read` and `write` raise ValueError."""

    python: type
    form: dict[str, Any]
    json: type = str
    read: Callable[[Any], Any] | None = None
    write: Callable[[Any], Any] | None = None


class Leaf(Value):
    def __init__(self, kind: Kind, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def from_json(self, value: Any) -> Any:
        return self._converted(value, self.kind.json, self.kind.read)

    def to_json(self, value: Any) -> Any:
        return self._converted(value, self.kind.python, self.kind.write)

    def _converted(self, value: Any, expected: type, convert: Callable[[Any], Any] | None) -> Any:
        if type(value) is not expected:  # not isinstance: True is an int
            raise ValidationError(f"{value!r} is no {expected.__name__}")
        try:
            return convert(value) if convert else value
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def describe(self, explained: bool) -> dict[str, Any]:
        return dict(self.kind.form)


class Word(Value):
    def __init__(self, words: Words, **options: Any) -> None:
        super().__init__(**options)
        self.words = words.words

    def from_json(self, value: Any) -> Any:
        if type(value) is not str or value not in self.words:
            raise ValidationError(f"{value!r} is none of {', '.join(self.words)}")
        return value

    to_json = from_json

    def describe(self, explained: bool) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


def _clean(text: str) -> str:
    text.encode()  # a ValueError for half a character, which JSON can spell and no encoding can hold
    if "\0" in text:
        raise ValueError("a text with NUL cannot be saved")
    return text


def _instant(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"the instant {value} names no zone")
    return value


LEAVES: dict[type, Kind] = {
    str: Kind(str, {"type": "string"}, read=_clean, write=_clean),
    int: Kind(int, {"type": "integer"}, int),
    bool: Kind(bool, {"type": "boolean"}, bool),
    UUID: Kind(UUID, {"type": "string", "format": "uuid"}, read=UUID, write=str),
    date: Kind(date, {"type": "string", "format": "date"}, read=date.fromisoformat, write=date.isoformat),
    datetime: Kind(
        datetime,
        {"type": "string", "format": "date-time"},
        read=lambda text: _instant(datetime.fromisoformat(text)),
        write=lambda value: _instant(value).isoformat(),
    ),
}
