"""Whether a shift takes sign-ups, and how full it looks. Full is no reason against: one may join the line."""

from __future__ import annotations

from datetime import datetime

from shared.errors import N_, Reason

OPEN, FEW, FULL, CLOSED = ("open", "few", "full", "closed")
FEW_PLACES = 2


def reasons_closed(state: str, starts_at: datetime, now: datetime) -> list[Reason]:
    """Why nobody can sign up now, whoever it is. `state` is the shift's own (draft, published, closed …)."""
    reasons = [_CLOSED[state]] if state in _CLOSED else []
    if starts_at <= now and state in ("draft", "published", "closed"):
        reasons.append(_STARTED)
    return reasons


def free_state(taken: int, capacity: int) -> str:
    """open, few (at most two left, and less than half) or full."""
    free = capacity - taken
    if free <= 0:
        return FULL
    return FEW if free <= FEW_PLACES and free * 2 < capacity else OPEN


def shown_state(state: str, starts_at: datetime, taken: int, capacity: int, now: datetime) -> str:
    """What a list says of a shift: its own state where that matters, else how full it is."""
    if state != "published":
        return state
    return CLOSED if starts_at <= now else free_state(taken, capacity)


_STARTED = Reason("shift-started", N_("Vagten er begyndt. Find en, der ikke er begyndt endnu."))
_CLOSED = {
    "draft": Reason("shift-draft", N_("Vagten er en kladde. Den skal udgives, før nogen kan tilmelde sig.")),
    "closed": Reason(
        "shift-closed", N_("Der er lukket for tilmelding. Spørg den, der står for vagten, om der er brug for dig.")
    ),
    "held": Reason("shift-over", N_("Vagten er forbi. Find en, der ikke er begyndt endnu.")),
    "cancelled": Reason("shift-cancelled", N_("Vagten er aflyst. Find en anden vagt.")),
}
