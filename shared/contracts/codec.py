"""Events to JSON and back: a marshmallow schema made from each dataclass, strict, and blind to unknown fields."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError

from shared.contracts.glossary import meaning, meanings
from shared.contracts.values import LEAVES, Leaf, Value, Word, Words

T = TypeVar("T")
Way = tuple[str, Value, Callable[[Any], Any]]

_SCHEMAS: dict[type, Record] = {}


class ContractError(ValueError):
    """A value, or what came in, is not what the contract says. The text names the field."""


def load(cls: type[T], payload: Any) -> T:
    """Build a `cls` from decoded JSON. Raises ContractError."""
    try:
        return typing.cast(T, schema_of(cls).load(payload))
    except ValidationError as error:
        raise ContractError("; ".join(_sentences(error.messages))) from error


def dump(thing: Any) -> dict[str, Any]:
    """The dataclass instance as JSON objects. Raises ContractError."""
    try:
        return schema_of(type(thing)).dump(thing)
    except ValidationError as error:
        raise ContractError("; ".join(_sentences(error.messages))) from error


class Record(Schema):
    """A dataclass. marshmallow's own loop serves hooks and renamed keys as well, and takes three times as long."""

    cls: type

    def __init__(self) -> None:
        super().__init__()
        known = typing.cast(dict[str, Value], self.fields)
        self._reads = [(name, field, field.read) for name, field in known.items()]
        self._writes = [(name, field, field.write) for name, field in known.items()]

    def load(self, data: Any, **_: Any) -> Any:
        if type(data) is not dict:
            raise ValidationError(f"{data!r} is no object")
        return self.cls(**_each(data, self._reads))

    def dump(self, obj: Any, **_: Any) -> dict[str, Any]:
        if type(obj) is not self.cls:
            raise ValidationError(f"{obj!r} is no {self.cls.__name__}")
        return _each(vars(obj), self._writes)

    def form(self, explained: bool = False) -> dict[str, Any]:
        """Its JSON Schema, with what everything means if it is to be `explained`."""
        properties = {name: field.form(explained) for name, field, _ in self._writes}
        required = [name for name, field, _ in self._writes if field.required]
        for name, field, write in self._writes:
            if not field.required:
                properties[name]["default"] = write(field.load_default)
        form = {"type": "object", "properties": properties, "required": required}
        if explained:
            form["description"] = meaning(self.cls)
            for name, text in meanings(self.cls).items():
                properties[name]["description"] = text
        return form


def _each(given: Mapping[str, Any], ways: Sequence[Way]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name, field, convert in ways:
        if name in given:
            try:
                values[name] = convert(given[name])
            except ValidationError as error:
                errors[name] = error.messages
        elif field.required:
            errors[name] = ["is missing"]
    if errors:
        raise ValidationError(errors)
    return values


class Part(Value):
    """A dataclass within another one."""

    def __init__(self, cls: type, **options: Any) -> None:
        super().__init__(**options)
        self.record = schema_of(cls)

    def from_json(self, value: Any) -> Any:
        return self.record.load(value)

    def to_json(self, value: Any) -> Any:
        return self.record.dump(value)

    def describe(self, explained: bool) -> dict[str, Any]:
        return self.record.form(explained)


class Row(Value):
    """tuple[X, ...], a list in JSON."""

    def __init__(self, item: Value, **options: Any) -> None:
        super().__init__(**options)
        self.item = item

    def from_json(self, value: Any) -> Any:
        return tuple(self._items(value, list, self.item.read))

    def to_json(self, value: Any) -> Any:
        return self._items(value, tuple, self.item.write)

    def _items(self, value: Any, kind: type[Iterable[Any]], convert: Callable[[Any], Any]) -> list[Any]:
        if not isinstance(value, kind):
            raise ValidationError(f"{value!r} is no {kind.__name__}")
        return [convert(item) for item in value]

    def describe(self, explained: bool) -> dict[str, Any]:
        return {"type": "array", "items": self.item.form(explained)}


class Table(Value):
    """dict[str, X]."""

    def __init__(self, item: Value, **options: Any) -> None:
        super().__init__(**options)
        self.item = item

    def from_json(self, value: Any) -> Any:
        return self._items(value, self.item.read)

    def to_json(self, value: Any) -> Any:
        return self._items(value, self.item.write)

    def _items(self, value: Any, convert: Callable[[Any], Any]) -> dict[str, Any]:
        if type(value) is not dict:
            raise ValidationError(f"{value!r} is no object")
        return {name: convert(item) for name, item in value.items()}

    def describe(self, explained: bool) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.item.form(explained)}


def schema_of(cls: type) -> Record:
    if cls not in _SCHEMAS:
        _SCHEMAS[cls] = _made_from(cls)
    return _SCHEMAS[cls]


def _made_from(cls: Any) -> Record:
    hints = typing.get_type_hints(cls, include_extras=True)
    made = {one.name: _value(hints[one.name], **_presence(one)) for one in fields(cls)}
    record: Record = type(f"{cls.__name__}Schema", (Record,), {**made, "cls": cls})()
    return record


def _presence(field: Any) -> dict[str, Any]:
    return {"required": True} if field.default is MISSING else {"load_default": field.default}


def _value(hint: Any, **options: Any) -> Value:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(inner[0], allow_none=True, **options)
    if origin is typing.Annotated:
        return Word(next(one for one in inner if isinstance(one, Words)), **options)
    if origin is tuple:
        return Row(_value(inner[0]), **options)
    if origin is dict:
        return Table(_value(inner[1]), **options)
    return Leaf(LEAVES[hint], **options) if hint in LEAVES else Part(hint, **options)


def _sentences(messages: Any, path: str = "") -> list[str]:
    if isinstance(messages, dict):
        return [text for name, below in messages.items() for text in _sentences(below, f"{path}.{name}".lstrip("."))]
    return [f"{path} {text}".strip() for text in messages]
