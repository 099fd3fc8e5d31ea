"""What must be true once everything is delivered. Each check yields what is wrong, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.simulation.invariants import copies, delivery, holds, loans, mails, requests, volunteers
from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town, Violation

Check = Callable[[Town, Ledger], Iterator[str]]

CHECKS: tuple[Check, ...] = tuple(room.faults for room in (delivery, requests, mails, loans, copies, holds, volunteers))


def check(town: Town) -> None:
    """Raises Violation with all that is wrong."""
    ledger = Ledger(town)
    wrong = [f"{room.__module__.rpartition('.')[2]}: {fault}" for room in CHECKS for fault in room(town, ledger)]
    if wrong:
        raise Violation("\n".join(wrong))
