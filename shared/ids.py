"""Ids that two services can derive alone from the same imported name, and time-ordered ids for the rest."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "https://kommunity.dk/ids")


def natural_id(kind: str, *names: str) -> UUID:
    """The id of an imported thing, e.g. natural_id("depot", "Assens Materielgård"): same names, same id."""
    return uuid5(_NAMESPACE, "\x1f".join((kind, *(name.strip().casefold() for name in names))))


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562), with the time in its first random bits too (6.2, method 3): ids sort as they were made."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = (nanoseconds << 12) // 1_000_000
    chance = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | chance)


def made_at(identifier: UUID) -> datetime | None:
    """When a new_id() was made, by the real clock; None for ids of other kinds."""
    if identifier.version != 7:
        return None
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
