"""What a new depot, material or facility is given where the files say nothing."""

from __future__ import annotations

from typing import Any

MATERIAL_LEAD_TIME_HOURS = 24
MATERIAL_LONGEST_LOAN_DAYS = 14
FACILITY_LEAD_TIME_HOURS = 48

MONDAY, FRIDAY = 0, 4
DEPOT_OPENING_HOURS: list[dict[str, Any]] = [
    {"weekday": weekday, "opens": "07:00", "closes": "13:00" if weekday == FRIDAY else "15:00"}
    for weekday in range(MONDAY, FRIDAY + 1)
]

# A word in a name or category, and the slug of the drawing that shows it. The first that fits is taken.
MATERIAL_PICTURES = {
    "trailer": "trailer",
    "trillebør": "trillebor",
    "maling": "maling",
    "sand": "sand",
    "stol": "stol",
    "bord": "bord",
    "bænk": "bord",
    "telt": "telt",
    "pavillon": "telt",
    "scene": "scene",
    "højttaler": "lyd",
    "mikrofon": "lyd",
    "kabel": "kabel",
    "hegn": "hegn",
    "afspær": "hegn",
    "affald": "affald",
    "flag": "flag",
    "buskrydder": "have",
    "træ": "have",
    "grønne": "have",
    "lyd": "lyd",
}
FACILITY_PICTURES = {
    "svøm": "svoem",
    "gymnastik": "gymnastik",
    "legeplads": "legeplads",
    "skolehave": "skolehave",
    "møde": "moede",
    "plads": "plads",
    "hal": "hal",
    "sal": "sal",
}
ANY_PICTURE = "ting"


def material_picture(name: str, category: str) -> str:
    return _picture(MATERIAL_PICTURES, name, category)


def facility_picture(name: str, category: str) -> str:
    return _picture(FACILITY_PICTURES, category, name)


def _picture(pictures: dict[str, str], *texts: str) -> str:
    """By the first text if one of the words is in it, else by the next."""
    for text in texts:
        for word, slug in pictures.items():
            if word in text.casefold():
                return slug
    return ANY_PICTURE


def town_of(depot: str) -> str:
    """A depot is named after its town: "Assens Materielgård"."""
    return depot.rpartition(" ")[0] or depot


def every_day(opens: str, closes: str) -> list[dict[str, Any]]:
    return [{"weekday": weekday, "opens": opens, "closes": closes} for weekday in range(7)]
