"""Every Danish text that people read has an English one with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.guards.house import PORTAL, ROOT, SERVICES

KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "Template": None, "RangeTemplate": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
SHARED = "shared"
PLACES = [SHARED, *(f"services/{service}" for service in [*SERVICES, PORTAL])]


def texts(place: str) -> Iterator[str]:
    with (ROOT / "deploy" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT / place, methods, options, KEYWORDS, directory_filter=_is_ours)
    for _, _, message, _, _ in found:
        yield from message if isinstance(message, tuple) else [message]


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in {"node_modules", "vendor", "__pycache__", "migrations"}


@cache
def catalogue(place: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """English texts by Danish ones, each with its plural where there is one; untranslated ones are left out."""
    path = ROOT / place / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, locale="en") if entry.id and not entry.fuzzy]
    pairs = {_forms(entry.id): _forms(entry.string) for entry in entries}
    return {danish: english for danish, english in pairs.items() if all(english)}


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("place", PLACES)
def test_every_text_has_an_english_translation(place: str) -> None:
    known = {text for forms in [*catalogue(SHARED), *catalogue(place)] for text in forms}
    assert sorted({text for text in texts(place) if text and text not in known}) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_translation_fills_in_the_same_values(place: str) -> None:
    different = {
        danish: english
        for danish, english in catalogue(place).items()
        if set(PLACEHOLDER.findall(" ".join(danish))) != set(PLACEHOLDER.findall(" ".join(english)))
    }
    assert different == {}
