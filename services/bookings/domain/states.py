"""The states of lines and bookings, and how the second follow from the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

POOL, NUMBERED, CONSUMABLE, FACILITY = ("pool", "numbered", "consumable", "facility")

WAITING, CONFIRMED, REFUSED, CANCELLED = LINE_STATES = ("waiting", "confirmed", "refused", "cancelled")
PARTLY_OUT, OUT, PARTLY_BACK, BACK, MISSING = ("partly_out", "out", "partly_back", "back", "missing")
BOOKING_STATES = (*LINE_STATES, PARTLY_OUT, OUT, PARTLY_BACK, BACK, MISSING)


@dataclass(frozen=True)
class Progress:
    """How far a line has come. `back` counts all that is accounted for: whole, broken or missing."""

    state: str
    kind: str
    handed_out: int = 0
    back: int = 0
    missing: int = 0
    complete: bool = False

    @property
    def out(self) -> int:
        """What is handed out of a consumable is used up, and nobody waits for it."""
        return 0 if self.kind == CONSUMABLE else max(0, self.handed_out - self.back)


def can_still_change(booking_state: str) -> bool:
    return booking_state in (WAITING, CONFIRMED)


def booking_state(lines: Sequence[Progress]) -> str:
    """One word for the whole. Facilities are not handed out, so a hall alone stays confirmed."""
    states = {line.state for line in lines}
    if WAITING in states:
        return WAITING
    if CONFIRMED not in states:
        return CANCELLED if CANCELLED in states else REFUSED
    fetched = [line for line in lines if line.state == CONFIRMED and line.kind != FACILITY]
    if not any(line.handed_out or line.complete for line in fetched):
        return CONFIRMED
    if any(line.back for line in fetched) and any(line.out for line in fetched):
        return PARTLY_BACK
    if not all(line.complete for line in fetched):
        return PARTLY_OUT
    if any(line.out for line in fetched):
        return OUT
    return MISSING if any(line.missing for line in fetched) else BACK
