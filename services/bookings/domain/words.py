"""Search words as people write them: "stole" finds Stabelstol, "haller" finds Demohal."""

from __future__ import annotations

import re

MOST_WORDS = 8
SHORTEST_STEM = 3
ENDINGS = re.compile(r"(erne|ene|er|e|r|s)$", re.IGNORECASE)


def stems(text: str) -> list[str]:
    """The words without Danish endings, each a part of what is looked for."""
    return [_stem(word) for word in text.split()[:MOST_WORDS]]


def _stem(word: str) -> str:
    stem = ENDINGS.sub("", word)
    if stem != word and len(stem) > SHORTEST_STEM and stem[-1] == stem[-2]:
        stem = stem[:-1]
    return stem if len(stem) >= SHORTEST_STEM else word
