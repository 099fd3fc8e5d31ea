"""A small town, told by events as in life, and how to book in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from services.bookings.reactions import mark_overdue
from shared import clock
from shared.contracts import Event, inventory
from shared.contracts.base import REGISTRY
from shared.contracts.inventory import HandedOutLine, OpeningHours, ReturnedLine
from shared.db import Database
from shared.ids import natural_id
from shared.rooms import subscription_of
from tests.support.client import Caller

SUBSCRIPTION = subscription_of("bookings")

ASSENS, GLAMSBJERG = "Assens Materielgård", "Glamsbjerg Materielgård"
DEPOT_HOURS = tuple(OpeningHours(day, "07:00", "13:00" if day == 4 else "15:00") for day in range(5))
HALL_HOURS = tuple(OpeningHours(day, "07:00", "23:00") for day in range(7))
HALL, HALF_A, HALF_B = "Demohal", "Demohal, halvdel A", "Demohal, halvdel B"
HANDBALL, VILLAGE = natural_id("association", "Håndbold"), natural_id("association", "Borgerforening")
NOW = "2027-07-26T09:00"  # a Monday


def on(wall: str) -> datetime:
    """ "2027-08-13T08:00" on a Danish clock."""
    moment = datetime.fromisoformat(wall)
    return clock.at(moment.date(), moment.time())


def iso(wall: str) -> str:
    return on(wall).isoformat()


def depot_id(name: str) -> UUID:
    return natural_id("depot", name)


def material_id(name: str, depot: str = ASSENS) -> UUID:
    return natural_id("material", depot, name)


def facility_id(name: str) -> UUID:
    return natural_id("facility", name)


def depot(name: str = ASSENS, **changes: Any) -> inventory.DepotUpdated:
    told = inventory.DepotUpdated(depot_id(name), name, name.split()[0], DEPOT_HOURS)
    return replace(told, **changes)


def material(name: str, total: int = 150, at: str = ASSENS, **changes: Any) -> inventory.MaterialUpdated:
    told = inventory.MaterialUpdated(
        resource_id=material_id(name, at),
        kind="pool",
        name=name,
        category="Borde og bænke",
        depot_id=depot_id(at),
        unit_name="stk",
        total=total,
        preparation_days=0,
        delivery="pickup",
        lead_time_hours=24,
        longest_loan_days=14,
    )
    return replace(told, **changes)


def units(name: str, *numbers: int) -> tuple[inventory.Unit, ...]:
    return tuple(inventory.Unit(natural_id("unit", name, str(number)), number) for number in numbers)


def numbered(name: str, count: int, **changes: Any) -> inventory.MaterialUpdated:
    told = units(name, *range(1, count + 1))
    return material(name, count, kind="numbered", units=told, category="Telte", **changes)


def facility(name: str, parent: str | None = None, **changes: Any) -> inventory.FacilityUpdated:
    told = inventory.FacilityUpdated(
        resource_id=facility_id(name),
        name=name,
        category="hal",
        town="Glamsbjerg",
        owner="Kommunen",
        capacity=400,
        accessible=True,
        opening_hours=HALL_HOURS,
        parent_id=facility_id(parent) if parent else None,
        lead_time_hours=48,
    )
    return replace(told, **changes)


class Town:
    """Tells bookings what the other services would, and lets people call it."""

    def __init__(self, database: Database, app: Flask) -> None:
        self.database = database
        self.app = app

    def tell(self, *events: Event) -> None:
        for event in events:
            with self.database.begin() as session:
                SUBSCRIPTION.apply(session, event)

    def person(self, association: UUID | None = None, staff: list[str] | None = None, **more: Any) -> Caller:
        memberships = {association: ["booker"]} if association else {}
        return Caller(self.app, uuid4(), memberships, staff, acting_for=association, **more)

    def manager(self, role: str, kind: str, scope: UUID | None) -> Caller:
        return self.person(staff=[f"{role}:{kind}:{scope or ''}"])

    def told(self, *types: type[Event]) -> list[Event]:
        """Events recorded so far, of these types or of all."""
        with self.database.read() as session:
            rows = session.execute(text("SELECT type, payload FROM outbox ORDER BY position")).all()
        events = [REGISTRY[row.type].from_payload(row.payload) for row in rows]
        return [event for event in events if not types or type(event) in types]

    def rows(self, sql: str, **params: Any) -> list[Any]:
        with self.database.read() as session:
            return list(session.execute(text(sql), params).all())

    def look_after(self) -> None:
        mark_overdue(self.database)

    def hand_out(self, booking: dict[str, Any], *, complete: bool = True, at: str | None = None, **lines: Any) -> None:
        """lines: position as l0=(quantity, broken, unit ids…)."""
        told = [HandedOutLine(*self._line(booking, key), *given) for key, given in lines.items()]
        self.tell(
            inventory.MaterialsHandedOut(
                uuid4(), self._id(booking), depot_id(ASSENS), uuid4(), self._at(at), tuple(told), complete
            )
        )

    def take_back(self, booking: dict[str, Any], *, complete: bool = True, at: str | None = None, **lines: Any) -> None:
        told = [ReturnedLine(*self._line(booking, key), *given) for key, given in lines.items()]
        self.tell(
            inventory.MaterialsReturned(
                uuid4(), self._id(booking), depot_id(ASSENS), uuid4(), self._at(at), tuple(told), complete
            )
        )

    def stock(self, name: str, total: int, change: int, cause: str = "correction", **more: Any) -> None:
        self.tell(inventory.StockChanged(material_id(name), total, change, cause, **more))

    def _id(self, booking: dict[str, Any]) -> UUID:
        return UUID(booking["id"])

    def _line(self, booking: dict[str, Any], key: str) -> tuple[UUID, UUID]:
        line = booking["lines"][int(key[1:])]
        return UUID(line["id"]), UUID(line["resource_id"])

    def _at(self, wall: str | None) -> datetime:
        return on(wall) if wall else clock.now()


def wish(*lines: dict[str, Any], starts: str = "2027-08-13T08:00", ends: str = "2027-08-16T10:00", **more: Any) -> Any:
    """A request for the weekend of the harbour festival, fetched on Friday and back on Monday."""
    return {
        "purpose": "Havnefest",
        "open_to_all": True,
        "place_of_use": "Assens Havneplads",
        "terms_accepted": True,
        "starts_at": iso(starts),
        "ends_at": iso(ends),
        "lines": list(lines),
        **more,
    }


def some(name: str, quantity: int = 1, at: str = ASSENS) -> dict[str, Any]:
    return {"resource_id": str(material_id(name, at)), "quantity": quantity}


def hall(name: str, starts: str = "2027-08-14T10:00", ends: str = "2027-08-14T16:00") -> dict[str, Any]:
    return {"resource_id": str(facility_id(name)), "starts_at": iso(starts), "ends_at": iso(ends)}


def book(who: Caller, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A booking that must succeed."""
    answer = who.post("/bookings", json=wish(*lines, **more))
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def look(who: Caller, booking: dict[str, Any]) -> dict[str, Any]:
    return dict(who.get(f"/bookings/{booking['id']}").json or {})


def free(who: Caller, name: str, first: str = "2027-08-14", last: str = "2027-08-15") -> int:
    found = who.get(f"/resources?from={first}&to={last}&q={name}").json
    return int(found["items"][0]["free"])
