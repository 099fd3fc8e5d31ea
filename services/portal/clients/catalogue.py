"""Every service: which events it reacts to."""

from __future__ import annotations

from services.portal.answers import Problem
from services.portal.clients.transport import Transport

SERVICES = ("accounts", "inventory", "bookings", "volunteers", "notifications")


class Catalogue:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def reactions(self) -> dict[str, list[str] | None]:
        """Types of events by service; None for a service that does not answer."""
        return {service: self._of(service) for service in SERVICES}

    def _of(self, service: str) -> list[str] | None:
        try:
            types: list[str] = self._transport.call(service, "GET", "/events", anonymous=True)["reacts_to"]
        except Problem:
            return None
        return types
