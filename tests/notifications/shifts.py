"""Volunteers as notifications meets it: the real service over HTTP, and a town that tells what happens in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.volunteers.app import create_app
from services.volunteers.models import Shift, SignUp
from shared.contracts import Event
from shared.db import Database
from shared.rooms import subscription_of
from shared.settings import Environment, Settings
from tests.support.client import Caller
from tests.support.tokens import LocalKeys
from tests.support.town_hall import Served, TownHall
from tests.volunteers.town import Town

SUBSCRIPTION = subscription_of("notifications")


class ShiftOffice(Served):
    """Services call it with the town hall's tokens; `town` calls the same database with the tests' own."""

    def __init__(self, database: Database, hall: TownHall, react: Callable[[Event], str]) -> None:
        super().__init__(database)
        config = Settings(environment=Environment.TEST, accounts_url=hall.url)
        self.app = create_app(config, database=database)
        self.town = Town(database, create_app(config, keys=LocalKeys(), database=database))
        self._react = react
        self._told = 0

    def tell_all(self) -> None:
        """Hand on all events that happened since the last time, as Kafka would."""
        events = self.town.told()
        for event in events[self._told :]:
            if type(event) in SUBSCRIPTION:
                self._react(event)
        self._told = len(events)

    def sign_up(self, person_id: UUID, shift: Shift, **body: Any) -> dict[str, Any]:
        return self._posted(self.town.caller(person_id), shift, body)

    def group(self, person_id: UUID, association_id: UUID, shift: Shift, places: int) -> dict[str, Any]:
        chair = self.town.caller(person_id, memberships={association_id: ["chair"]}, acting_for=association_id)
        return self._posted(chair, shift, {"places": places})

    def _posted(self, caller: Caller, shift: Shift, body: dict[str, Any]) -> dict[str, Any]:
        answer = caller.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), **body})
        assert answer.status_code == 201, answer.json
        self.tell_all()
        return answer.json

    def cancel(self, person_id: UUID, sign_up: dict[str, Any]) -> None:
        path = f"/sign-ups/{sign_up['id']}/cancel"
        answer = self.town.caller(person_id).post(path, version=sign_up["version"], json={})
        assert answer.status_code == 200, answer.json
        self.tell_all()

    def change(self, kind: type[Shift | SignUp], key: Any, **values: Any) -> None:
        """Write straight into the tables."""
        with self.database.begin() as session:
            row = session.get_one(kind, UUID(str(key)))
            for name, value in values.items():
                setattr(row, name, value)
