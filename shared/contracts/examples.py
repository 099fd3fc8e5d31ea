"""Made-up events: what the goldens keep, and what the catalogue shows."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import Words

VALUES: dict[type, Callable[[str], Any]] = {
    UUID: lambda name: UUID(int=sum(name.encode())),
    str: lambda name: name,
    int: lambda name: len(name),
    bool: lambda name: True,
    datetime: lambda name: datetime(2027, 8, 14, 8, 30, tzinfo=UTC),
    date: lambda name: date(2027, 8, 14),
}


def examples(cls: type[Event]) -> list[Event]:
    """A full one, a sparse one, and as many more as it takes to say each word of its closed lists."""
    return [example(cls), example(cls, is_full=False), *(example(cls, word=word) for word in range(1, most_words(cls)))]


def example(cls: Any, *, is_full: bool = True, word: int = 0) -> Any:
    """An instance. Sparse: only what has no default, None where that is allowed, and no items."""
    hints = typing.get_type_hints(cls, include_extras=True)
    wanted = [field for field in fields(cls) if is_full or field.default is field.default_factory is MISSING]
    return cls(**{field.name: _value(field.name, hints[field.name], is_full, word) for field in wanted})


def _value(name: str, hint: Any, is_full: bool, word: int) -> Any:
    inner = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return _value(name, inner[0], is_full, word) if is_full else None
    if typing.get_origin(hint) is tuple:
        return (_value(name, inner[0], is_full, word),) if is_full else ()
    if typing.get_origin(hint) is typing.Annotated:
        words = _words(hint)
        return words[word % len(words)]
    return example(hint, is_full=is_full, word=word) if is_dataclass(hint) else VALUES[hint](name)


def most_words(cls: type) -> int:
    """How long its longest closed list is."""
    return max(map(len, _lists(cls)), default=1)


def _lists(hint: Any) -> Iterator[tuple[str, ...]]:
    if typing.get_origin(hint) is typing.Annotated:
        yield _words(hint)
    elif is_dataclass(hint):
        for inner in typing.get_type_hints(hint, include_extras=True).values():
            yield from _lists(inner)
    else:
        for inner in typing.get_args(hint):
            yield from _lists(inner)


def _words(hint: Any) -> tuple[str, ...]:
    return next(one.words for one in typing.get_args(hint) if isinstance(one, Words))
