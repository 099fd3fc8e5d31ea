"""A small town of volunteers: shifts and people made as they are in life, and how to call the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from services.volunteers.models import Role, Shift
from shared import clock
from shared.contracts import Event, accounts
from shared.contracts.base import REGISTRY
from shared.db import Database
from shared.ids import natural_id
from shared.rooms import subscription_of
from tests.support.client import Caller

SUBSCRIPTION = subscription_of("volunteers")

NOW = "2027-08-01T09:00"  # a Sunday
VILLAGE, SCOUTS = natural_id("association", "Borgerforening"), natural_id("association", "Spejdere")
COORDINATOR = "volunteer_coordinator:municipality:"


def on(wall: str) -> datetime:
    """ "2027-08-14T08:00" on a Danish clock."""
    moment = datetime.fromisoformat(wall)
    return clock.at(moment.date(), moment.time())


def role(name: str = "Frivillig", capacity: int = 3, minimum: int = 1, *requirements: str) -> dict[str, Any]:
    return {"name": name, "capacity": capacity, "minimum": minimum, "requirements": list(requirements)}


class Town:
    def __init__(self, database: Database, app: Flask) -> None:
        self.database = database
        self.app = app

    def tell(self, *events: Event) -> None:
        for event in events:
            with self.database.begin() as session:
                SUBSCRIPTION.apply(session, event)

    def told(self, *kinds: type[Event]) -> list[Any]:
        """The events of these kinds (or of all) in the outbox, oldest first."""
        rows = self.query("SELECT type, payload FROM outbox ORDER BY position")
        events = [REGISTRY[row.type].from_payload(row.payload) for row in rows]
        return [event for event in events if not kinds or type(event) in kinds]

    def query(self, sql: str, **values: Any) -> Sequence[Any]:
        with self.database.read() as session:
            return session.execute(text(sql), values).all()

    def shift(self, starts: str = "2027-08-14T08:00", hours: float = 4, roles: Any = None, **values: Any) -> Shift:
        """A published shift, written straight into the tables."""
        starts_at = on(starts)
        now = clock.now()
        values = {
            "title": "Opstilling til havnefest",
            "place": "Assens Havneplads",
            "area": "Assens",
            "organiser": "Kommunen",
            "insurance": "kommunens forsikring",
            "state": "published",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=hours),
            "created_at": now,
            "changed_at": now,
            **values,
        }
        made = Shift(**values)
        made.roles = [Role(position=position, **one) for position, one in enumerate(roles or [role()])]
        with self.database.begin() as session:
            session.add(made)
        return made

    def qualify(self, person_id: UUID, qualification: str, valid_until: date | None = None) -> None:
        self.tell(accounts.QualificationGranted(person_id, qualification, valid_until))

    def caller(self, person_id: UUID | None = None, born: str | None = "1980-05-17", **rights: Any) -> Caller:
        """Somebody signed in, forty years old unless told otherwise (born=None: accounts does not know)."""
        return Caller(self.app, person_id or uuid4(), born=born, **rights)

    def coordinator(self) -> Caller:
        return self.caller(staff=[COORDINATOR])

    def anybody(self) -> Caller:
        return Caller(self.app)
