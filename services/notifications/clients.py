"""What is kept with others, asked at the moment of delivery: names and addresses of accounts, reasons of bookings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.actors import BOOKER, CHAIR
from shared.service_client import UNUSABLE, AccountsService, Contact, Service, ServiceAway


@dataclass(frozen=True)
class Reasons:
    """What people wrote: by the id of a refused line, and when the booking was called off."""

    lines: Mapping[UUID, str] = field(default_factory=dict)
    cancellation: str = ""


class Accounts(AccountsService):
    """Who people are, and who holds which role."""

    def association(self, association_id: UUID) -> list[Contact]:
        """Its chairs and bookers."""
        return self.contacts(association_id=str(association_id), roles=f"{CHAIR},{BOOKER}")

    def staff(self, role: str, scope_id: UUID) -> list[Contact]:
        return self.contacts(role=role, scope_id=str(scope_id))


class Bookings(Service):
    """What people wrote about bookings."""

    def reasons(self, booking_id: UUID) -> Reasons:
        """None at all for a booking that is gone."""
        try:
            response = self.ask(f"/bookings/{booking_id}/reasons")
            answer: Any = response.json()
            if response.status_code == 404 and answer["slug"] == "booking-not-found":
                return Reasons()
            response.raise_for_status()
            return Reasons({UUID(key): str(text) for key, text in answer["lines"].items()}, answer["cancellation"])
        except UNUSABLE as error:
            raise ServiceAway(f"bookings: {error}"[:300]) from error
