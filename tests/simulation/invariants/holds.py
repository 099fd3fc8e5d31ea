"""Nothing is promised twice: at no moment to come are more promised than are left of what there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from shared import clock
from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town

HOLDS = """
    SELECT h.resource_id, r.name, r.total, h.stage, h.quantity, greatest(lower(h.during), %(now)s) AS begins,
           upper(h.during) AS ends, CASE WHEN h.stage = 'promised' THEN l.short_by ELSE 0 END AS lacking
    FROM quantity_holds h JOIN booking_lines l ON l.id = h.line_id JOIN resources r ON r.id = h.resource_id
    WHERE h.during && tstzrange(%(now)s, NULL)
"""
SEATS = """
    SELECT l.id, l.name, h.quantity - l.short_by AS wanted,
           (SELECT count(*) FROM unit_holds u WHERE u.line_id = l.id AND u.stage = 'promised') AS seated
    FROM booking_lines l JOIN quantity_holds h ON h.line_id = l.id AND h.stage = 'promised'
    WHERE l.kind = 'numbered' AND h.during && tstzrange(%(now)s, NULL)
"""


def faults(town: Town, _ledger: Ledger) -> Iterator[str]:
    yield from promised_twice(town)
    for row in town.rows("bookings", SEATS, now=clock.now()):
        if row.seated < row.wanted:
            yield f"line {row.id} was promised {row.wanted} of {row.name}, and {row.seated} are set aside"


def promised_twice(town: Town) -> Iterator[str]:
    """What is known to be short was told to its borrower, and counts no more."""
    by_resource: dict[Any, list[Any]] = defaultdict(list)
    for hold in town.rows("bookings", HOLDS, now=clock.now()):
        by_resource[hold.resource_id].append(hold)
    for holds in by_resource.values():
        for moment in sorted({hold.begins for hold in holds}):
            now = [hold for hold in holds if hold.begins <= moment and (hold.ends is None or hold.ends > moment)]
            promised = sum(hold.quantity - hold.lacking for hold in now if hold.stage == "promised")
            gone = sum(hold.quantity for hold in now if hold.stage != "promised")
            left = max(0, holds[0].total - gone)
            if promised > left:
                yield f"{holds[0].name}: {promised} promised from {moment:%d.%m. %H:%M}, {left} left"
