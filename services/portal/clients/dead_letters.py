"""Every service: which events it could not apply, and what is to become of them. For administrators."""

from __future__ import annotations

from typing import Any

from services.portal.clients.transport import Transport

Json = dict[str, Any]
ServiceName = str  # one of catalogue.SERVICES

AT_A_GLANCE_S = (0.5, 1)


class DeadLetters:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(self, service: ServiceName, method: str, path: str, **content: Any) -> Json:
        answer: Json = self._transport.call(service, method, path, for_myself=True, **content)
        return answer

    def of(self, service: ServiceName, **query: Any) -> Json:
        """One page of them, newest first; those that nobody has settled, unless another state is asked for."""
        return self._call(service, "GET", "/dead-letters", params=query)

    def unsettled(self, service: ServiceName) -> int:
        """How many. For the menu, so it does not wait long."""
        query = {"page_size": 1}
        total: int = self._call(service, "GET", "/dead-letters", params=query, timeout=AT_A_GLANCE_S)["total"]
        return total

    def letter(self, service: ServiceName, letter_id: int) -> Json:
        return self._call(service, "GET", f"/dead-letters/{letter_id}")

    def replay(self, service: ServiceName, body: Json) -> Json:
        return self._call(service, "POST", "/dead-letters/replay", json=body)

    def discard(self, service: ServiceName, body: Json) -> Json:
        return self._call(service, "POST", "/dead-letters/discard", json=body)
