"""Request bodies are read to the letter: a number is a number, never a text or a fraction rounded down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow
import pytest
from marshmallow import fields

from tests.guards.house import SERVICES, routes_of


def bodies(service: str) -> Iterator[tuple[str, marshmallow.Schema]]:
    """Every route that takes JSON, with the schema that reads it."""
    for name, _, view in routes_of(service):
        for told in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", []):
            if told["in"] == "json":
                schema = told["schema"]
                yield name, schema() if isinstance(schema, type) else schema


def all_fields(schema: marshmallow.Schema, path: str) -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in schema.load_fields.items():
        yield from inner_fields(field, f"{path}.{name}")


def inner_fields(field: fields.Field[Any], path: str) -> Iterator[tuple[str, fields.Field[Any]]]:
    """The field and whatever lies in it: the members of lists and dictionaries, the fields of objects."""
    yield path, field
    if isinstance(field, fields.Nested):
        yield from all_fields(field.schema, path)
    inner = [getattr(field, name, None) for name in ("inner", "key_field", "value_field")]
    for one in inner:
        if isinstance(one, fields.Field):
            yield from inner_fields(one, path)


INTEGERS = [
    pytest.param(field, id=f"{service} {path}")
    for service in SERVICES
    for name, schema in bodies(service)
    for path, field in all_fields(schema, name)
    if isinstance(field, fields.Integer)
]


def test_there_are_such_numbers() -> None:
    assert len(INTEGERS) >= 5


@pytest.mark.parametrize("field", INTEGERS)
@pytest.mark.parametrize("given", ["2", "1.5", 1.5, 2.0, True])
def test_a_whole_number_in_a_body_is_nothing_else(field: fields.Integer, given: Any) -> None:
    with pytest.raises(marshmallow.ValidationError):
        field.deserialize(given)
    assert field.deserialize(2) == 2
