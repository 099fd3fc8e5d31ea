"""bookings: what is free, and what was promised to whom."""

from __future__ import annotations

from typing import Any

from services.portal.clients.transport import Transport

Json = dict[str, Any]


class Bookings:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(self, method: str, path: str, **content: Any) -> Any:
        return self._transport.call("bookings", method, path, **content)

    def search(self, **query: Any) -> Json:
        found: Json = self._call("GET", "/resources", params=query)
        return found

    def resource(self, resource_id: str) -> Json:
        found: Json = self._call("GET", "/resources/{resource_id}", ids={"resource_id": resource_id})
        return found

    def calendar(self, resource_id: str, month: str) -> Json:
        path = "/resources/{resource_id}/calendar"
        found: Json = self._call("GET", path, ids={"resource_id": resource_id}, params={"month": month})
        return found

    def slots(self, from_: str, to: str, depot_ids: list[str]) -> Json:
        query = {"from": from_, "to": to, "depot_ids": ",".join(depot_ids)}
        offered: Json = self._call("GET", "/slots", params=query)
        return offered

    def check(self, body: Json) -> Json:
        answer: Json = self._call("POST", "/bookings/check", json=body)
        return answer

    def request(self, body: Json, key: str) -> Json:
        booking: Json = self._call("POST", "/bookings", json=body, key=key)
        return booking

    def list(self, **query: Any) -> Json:
        found: Json = self._call("GET", "/bookings", params=query)
        return found

    def get(self, booking_id: str) -> Json:
        booking: Json = self._call("GET", "/bookings/{booking_id}", ids={"booking_id": booking_id})
        return booking

    def cancel(self, booking_id: str, reason: str, version: int) -> Json:
        body = {"reason": reason} if reason else {}
        path = "/bookings/{booking_id}/cancel"
        booking: Json = self._call("POST", path, ids={"booking_id": booking_id}, json=body, version=version)
        return booking

    def reduce(self, booking_id: str, line_id: str, quantity: int, version: int) -> Json:
        booking: Json = self._call(
            "PATCH",
            "/bookings/{booking_id}/lines/{line_id}",
            ids={"booking_id": booking_id, "line_id": line_id},
            json={"quantity": quantity},
            version=version,
        )
        return booking

    def decide(self, booking_id: str, body: Json, version: int) -> Json:
        path = "/bookings/{booking_id}/decisions"
        booking: Json = self._call("POST", path, ids={"booking_id": booking_id}, json=body, version=version)
        return booking

    def approvals(self) -> Json:
        waiting: Json = self._call("GET", "/approvals")
        return waiting

    def conflicts(self, **query: Any) -> Json:
        found: Json = self._call("GET", "/conflicts", params=query)
        return found
