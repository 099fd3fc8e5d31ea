"""Opening hours: local wall times on weekdays, half-open, any number a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shared.errors import N_, Reason


def against_opening_hours(openings: Sequence[dict[str, Any]]) -> Iterator[Reason]:
    """Why these are no opening hours, if so; fields count from 0."""
    for index, opening in enumerate(openings):
        if opening["opens"] >= opening["closes"]:
            text = N_("Lukketid skal være efter åbningstid. Ret et af klokkeslættene.")
            yield Reason("closes-before-opening", text, f"opening_hours.{index}.closes")
            continue
        for other in openings[:index]:
            same_day = other["weekday"] == opening["weekday"]
            if same_day and other["opens"] < opening["closes"] and opening["opens"] < other["closes"]:
                text = N_("To åbningstider samme dag overlapper. Læg dem sammen til én.")
                yield Reason("overlapping-hours", text, f"opening_hours.{index}.opens")


def in_order(openings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(openings, key=lambda opening: (opening["weekday"], opening["opens"]))
