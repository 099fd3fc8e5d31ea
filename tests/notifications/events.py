"""One believable booking and the events of its life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.contracts import accounts, bookings, inventory
from shared.ids import natural_id

METTE, HANNE, OLE, JENS = (
    natural_id("person", f"{name}@kommunity.example") for name in ["mette", "hanne", "ole", "jens"]
)
SCOUTS = natural_id("association", "Haarby Spejdergruppe")
ASSENS = natural_id("depot", "Assens Materielgård")
HALL, HALF = natural_id("facility", "Glamsbjerg Demohal"), natural_id("facility", "Glamsbjerg Demohal, halvdel A")
CHAIRS = natural_id("material", "Assens Materielgård", "Stabelstol")
TENT = natural_id("material", "Assens Materielgård", "Festtelt 6x12 m")
BOOKING = UUID(int=42)
FETCH, RETURN = datetime(2027, 8, 13, 10, tzinfo=UTC), datetime(2027, 8, 16, 8, tzinfo=UTC)


def chairs(**changes: Any) -> bookings.BookedLine:
    line = bookings.BookedLine(
        UUID(int=1), CHAIRS, "pool", "Stabelstol", 40, FETCH, RETURN, "confirmed", "stk", depot_id=ASSENS
    )
    return replace(line, **changes)


def tent(**changes: Any) -> bookings.BookedLine:
    line = bookings.BookedLine(
        UUID(int=2), TENT, "numbered", "Festtelt 6x12 m", 1, FETCH, RETURN, "confirmed", "stk", depot_id=ASSENS
    )
    return replace(line, **changes)


def half_a_hall(**changes: Any) -> bookings.BookedLine:
    start, end = datetime(2027, 8, 14, 8, tzinfo=UTC), datetime(2027, 8, 14, 14, tzinfo=UTC)
    line = bookings.BookedLine(
        UUID(int=3), HALF, "facility", "Glamsbjerg Demohal, halvdel A", 1, start, end, "confirmed"
    )
    return replace(line, **changes)


def requested(*lines: bookings.BookedLine, association_id: UUID | None = SCOUTS) -> bookings.BookingRequested:
    return bookings.BookingRequested(BOOKING, "26-0042", METTE, association_id, FETCH, RETURN, lines)


def approved(*lines: bookings.BookedLine) -> bookings.BookingApproved:
    return bookings.BookingApproved(BOOKING, "26-0042", METTE, SCOUTS, FETCH, RETURN, lines)


def refused(*lines: bookings.BookedLine) -> bookings.BookingRefused:
    return bookings.BookingRefused(BOOKING, "26-0042", METTE, SCOUTS, lines)


def cancelled(*lines: bookings.BookedLine) -> bookings.BookingCancelled:
    return bookings.BookingCancelled(BOOKING, "26-0042", METTE, SCOUTS, "staff", lines)


def put_at_risk() -> bookings.BookingPutAtRisk:
    options = (
        bookings.Alternative("fewer", 37),
        bookings.Alternative("other", 40, uuid4(), "Klapstol"),
        bookings.Alternative("dates", 40, None, "", FETCH.replace(day=20), RETURN.replace(day=23)),
    )
    line = bookings.ShortLine(UUID(int=1), CHAIRS, "Stabelstol", 40, 3, "stk", ASSENS, options)
    return bookings.BookingPutAtRisk(BOOKING, "26-0042", METTE, SCOUTS, FETCH, RETURN, (line,))


def handed_out(quantity: int = 38, broken: int = 2) -> inventory.MaterialsHandedOut:
    line = inventory.HandedOutLine(UUID(int=1), CHAIRS, quantity, broken)
    return inventory.MaterialsHandedOut(UUID(int=7), BOOKING, ASSENS, OLE, FETCH, (line,), complete=True)


def returned(quantity: int = 30, missing: int = 0, complete: bool = False) -> inventory.MaterialsReturned:
    line = inventory.ReturnedLine(UUID(int=1), CHAIRS, quantity, missing=missing)
    return inventory.MaterialsReturned(UUID(int=7), BOOKING, ASSENS, OLE, RETURN, (line,), complete)


def shortage(stage: str = "return") -> inventory.ShortageReported:
    line = inventory.ShortageLine(CHAIRS, "Stabelstol", 0, 3)
    return inventory.ShortageReported(UUID(int=7), BOOKING, ASSENS, stage, RETURN, (line,))


EVERY_KIND = [
    requested(chairs(state="waiting"), half_a_hall(state="waiting"), tent()),
    approved(chairs(), half_a_hall(), tent(state="refused")),
    refused(tent(state="refused")),
    cancelled(chairs(), half_a_hall()),
    put_at_risk(),
    bookings.BookingSecured(BOOKING, "26-0042", METTE, SCOUTS),
    bookings.BookingBecameOverdue(BOOKING, "26-0042", METTE, SCOUTS, RETURN, (ASSENS,)),
    handed_out(),
    returned(5, missing=3, complete=True),
    shortage(),
]

COPIES = [
    accounts.AssociationUpdated(SCOUTS, "Haarby Spejdergruppe", "Haarby"),
    inventory.DepotUpdated(ASSENS, "Assens Materielgård", "Assens", ()),
    inventory.FacilityUpdated(HALF, "Glamsbjerg Demohal, halvdel A", "hal", "Glamsbjerg", "", 200, True, (), HALL),
    inventory.MaterialUpdated(TENT, "numbered", "Festtelt 6x12 m", "Telte", ASSENS, "stk", 2, 3, "staff"),
]
