"""A small town for inventory's tests: the demo files imported, people with their rights, and bookings that arrive."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from services.inventory.app import create_app
from services.inventory.commands import import_facilities, import_materials
from shared.clock import COPENHAGEN
from shared.contracts.base import Event
from shared.contracts.bookings import BookedLine, BookingApproved
from shared.db import Database
from shared.ids import natural_id, new_id
from shared.rooms import subscription_of
from tests.support.client import Caller
from tests.support.tokens import LocalKeys

SUBSCRIPTION = subscription_of("inventory")

DEMO_DATA = Path(__file__).parents[2] / "deploy" / "demo-data"
MATERIALS = (DEMO_DATA / "materiel.csv").read_bytes()
FACILITIES = (DEMO_DATA / "faciliteter.csv").read_bytes()

ASSENS, GLAMSBJERG = "Assens Materielgård", "Glamsbjerg Materielgård"
HANDBALL = natural_id("association", "Glamsbjerg Ungdomshåndbold")
SCOUTS = natural_id("association", "Haarby Spejdergruppe")
METTE, OLE, KAREN, ALI, HANNE, LARS = (
    natural_id("person", f"{name}@kommunity.example") for name in ("mette", "ole", "karen", "ali", "hanne", "lars")
)
FETCHED_AT = datetime(2027, 8, 13, 9, 0, tzinfo=COPENHAGEN)
RETURNED_AT = datetime(2027, 8, 16, 9, 0, tzinfo=COPENHAGEN)


def material_id(name: str, depot: str = ASSENS) -> UUID:
    return natural_id("material", depot, name)


def unit_id(name: str, number: int, depot: str = ASSENS) -> UUID:
    return natural_id("unit", depot, name, str(number))


def a_town(database: Database) -> None:
    """Both demo files are in; the outbox is empty again, so that tests see what they cause."""
    with database.begin() as session:
        import_materials(session, MATERIALS, dry_run=False)
        import_facilities(session, FACILITIES, dry_run=False)
    with database.begin() as session:
        session.execute(text("DELETE FROM outbox"))


def the_app(database: Database) -> Flask:
    return create_app(database=database, keys=LocalKeys())


def depot_staff(app: Flask, person_id: UUID = OLE, depot: str = ASSENS, **details: Any) -> Caller:
    return Caller(app, person_id, staff=[f"depot_staff:depot:{natural_id('depot', depot)}"], **details)


def administrator(app: Flask) -> Caller:
    return Caller(app, LARS, staff=["administrator:municipality:"])


def booker(app: Flask) -> Caller:
    """Mette, who borrows for the handball club."""
    return Caller(app, METTE, memberships={HANDBALL: ["booker"]}, acting_for=HANDBALL)


def a_line(
    name: str, quantity: int, depot: str = ASSENS, kind: str = "pool", unit_ids: tuple[UUID, ...] = (), **details: Any
) -> BookedLine:
    return BookedLine(
        line_id=new_id(),
        resource_id=material_id(name, depot),
        kind=kind,
        name=name,
        quantity=quantity,
        starts_at=details.get("starts_at", FETCHED_AT),
        ends_at=details.get("ends_at", RETURNED_AT),
        state=details.get("state", "confirmed"),
        depot_id=natural_id("depot", depot),
        unit_ids=unit_ids,
    )


def an_approval(*lines: BookedLine, number: str = "27-0042", association_id: UUID | None = HANDBALL) -> BookingApproved:
    return BookingApproved(new_id(), number, METTE, association_id, FETCHED_AT, RETURNED_AT, lines)


def hear(database: Database, event: Event) -> None:
    """React to an event as the worker does."""
    database.transact(lambda session: SUBSCRIPTION.apply(session, event))


def an_approved_booking(database: Database, *lines: BookedLine, **details: Any) -> UUID:
    """Heard of at the depot. Returns the booking's id."""
    event = an_approval(*lines, **details)
    hear(database, event)
    return event.booking_id


def events(database: Database, name: str = "") -> list[dict[str, Any]]:
    """Payloads of the recorded events whose type contains `name`, in order."""
    query = text("SELECT payload FROM outbox WHERE type LIKE :name ORDER BY position")
    with database.read() as session:
        return list(session.scalars(query, {"name": f"%.{name}%" if name else "%"}))


class Visit:
    """One handover as one member of staff sees it: knows the version and the lines' ids."""

    def __init__(self, caller: Caller, booking_id: UUID) -> None:
        self.caller = caller
        handovers = caller.get(f"/bookings/{booking_id}/handovers").json["handovers"]
        self.id = handovers[0]["id"]
        self.read()
        self.hand_out = partial(self._step, "hand-outs")
        self.take_back = partial(self._step, "returns")

    def read(self) -> dict[str, Any]:
        self.handover = self.caller.get(f"/handovers/{self.id}").json
        return self.handover

    @property
    def lines(self) -> list[dict[str, Any]]:
        return self.handover["lines"]

    def _step(self, step: str, *entries: dict[str, Any], key: str | None = None, **body: Any) -> Any:
        """`entries` in the order of the lines; an empty one leaves its line out. Reads the handover again."""
        lines = [{"line_id": line["id"], **entry} for line, entry in zip(self.lines, entries, strict=False) if entry]
        answer = self.caller.post(
            f"/handovers/{self.id}/{step}", key=key, version=self.handover["version"], json={"lines": lines, **body}
        )
        self.read()
        return answer


def stock_of(caller: Caller, name: str) -> dict[str, Any]:
    return next(item for item in caller.get(f"/stock?q={name}").json["items"] if item["name"] == name)
