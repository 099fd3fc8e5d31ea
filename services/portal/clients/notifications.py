"""notifications: which messages were sent to whom, and why."""

from __future__ import annotations

from typing import Any

from services.portal.clients.transport import Transport


class Notifications:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def messages(self, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._transport.call("notifications", "GET", "/messages", params=query)[
            "messages"
        ]
        return found
