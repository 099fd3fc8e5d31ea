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

# What texts and numbers look like, by their field; of a class alone where the name says different things.
LIKELY: dict[str, str | int] = {
    "AssociationUpdated.name": "Glamsbjerg Ungdomshåndbold",
    "DepotUpdated.name": "Assens Materielgård",
    "FacilityUpdated.category": "hal",
    "FacilityUpdated.name": "Glamsbjerg Demohal",
    "FacilityUpdated.picture": "hal",
    "ReturnedLine.missing": 3,
    "ShortageLine.missing": 3,
    "Unit.number": 7,
    "area": "Assens",
    "association": "Aarup Borgerforening",
    "broken": 2,
    "capacity": 40,
    "category": "Borde og bænke",
    "change": -3,
    "closes": "15:30",
    "lead_time_hours": 48,
    "longest_loan_days": 14,
    "minimum": 4,
    "minutes": 240,
    "name": "Stabelstol",
    "number": "26-0042",
    "offer_number": 1,
    "opens": "07:00",
    "owner": "Den selvejende institution Demohallen",
    "picture": "stol",
    "places": 8,
    "preparation_days": 1,
    "qualification": "foerstehjaelp",
    "quantity": 38,
    "requirement": "trailerkort",
    "rules": "too-young",
    "sequence": 1,
    "short_by": 3,
    "taken": 2,
    "total": 145,
    "town": "Glamsbjerg",
    "unit_name": "stk.",
    "value_ore": 44950,
    "weekday": 0,
}
STARTS, ENDS = datetime(2027, 8, 14, 8, 30, tzinfo=UTC), datetime(2027, 8, 14, 16, tzinfo=UTC)

VALUES: dict[type, Callable[[str], Any]] = {
    UUID: lambda name: UUID(int=sum(name.encode())),
    str: lambda name: name,
    int: lambda name: len(name),
    bool: lambda name: True,
    datetime: lambda name: ENDS if name.startswith("ends") else STARTS,
    date: lambda name: date(2027, 8, 14),
}


def examples(cls: type[Event]) -> list[Event]:
    """A full one, a sparse one, and as many more as it takes to say each word of its closed lists."""
    return [example(cls), example(cls, is_full=False), *(example(cls, word=word) for word in range(1, most_words(cls)))]


def example(cls: Any, *, is_full: bool = True, word: int = 0) -> Any:
    """An instance. Sparse: only what has no default, None where that is allowed, and no items."""
    hints = typing.get_type_hints(cls, include_extras=True)
    wanted = [field for field in fields(cls) if is_full or field.default is MISSING]
    return cls(**{field.name: _value(cls, field.name, hints[field.name], is_full, word) for field in wanted})


def _value(cls: Any, name: str, hint: Any, is_full: bool, word: int) -> Any:
    inner = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return _value(cls, name, inner[0], is_full, word) if is_full else None
    if typing.get_origin(hint) is tuple:
        return (_value(cls, name, inner[0], is_full, word),) if is_full else ()
    if typing.get_origin(hint) is dict:
        return {name: _value(cls, name, inner[1], is_full, word)} if is_full else {}
    if typing.get_origin(hint) is typing.Annotated:
        words = _words(hint)
        return words[word % len(words)]
    if is_dataclass(hint):
        return example(hint, is_full=is_full, word=word)
    likely = LIKELY.get(f"{cls.__name__}.{name}", LIKELY.get(name))
    return likely if type(likely) is hint else VALUES[hint](name)


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
