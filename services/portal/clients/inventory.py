"""inventory: what exists, and what the depots hand out and take back."""

from __future__ import annotations

from typing import Any

from services.portal.clients.transport import Transport

Json = dict[str, Any]


class Inventory:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(self, method: str, path: str, **content: Any) -> Any:
        return self._transport.call("inventory", method, path, **content)

    def depots(self) -> list[Json]:
        found: list[Json] = self._call("GET", "/depots")["depots"]
        return found

    def resource(self, resource_id: str) -> Json:
        found: Json = self._call("GET", "/resources/{resource_id}", ids={"resource_id": resource_id})
        return found

    def stock(self, **query: Any) -> list[Json]:
        items: list[Json] = self._call("GET", "/stock", params=query)["items"]
        return items

    def stock_movements(self, resource_id: str) -> list[Json]:
        path = "/resources/{resource_id}/stock-movements"
        movements: list[Json] = self._call("GET", path, ids={"resource_id": resource_id})["movements"]
        return movements

    def correct_stock(self, resource_id: str, body: Json, key: str, version: int) -> Json:
        path = "/resources/{resource_id}/stock-corrections"
        item: Json = self._call("POST", path, ids={"resource_id": resource_id}, json=body, key=key, version=version)
        return item

    def handovers(self, **query: Any) -> list[Json]:
        found: list[Json] = self._call("GET", "/handovers", params=query)["handovers"]
        return found

    def handover(self, handover_id: str) -> Json:
        found: Json = self._call("GET", "/handovers/{handover_id}", ids={"handover_id": handover_id})
        return found

    def handovers_of(self, booking_id: str) -> list[Json]:
        path = "/bookings/{booking_id}/handovers"
        found: list[Json] = self._call("GET", path, ids={"booking_id": booking_id})["handovers"]
        return found

    def hand_out(self, handover_id: str, body: Json, key: str, version: int) -> Json:
        path = "/handovers/{handover_id}/hand-outs"
        found: Json = self._call("POST", path, ids={"handover_id": handover_id}, json=body, key=key, version=version)
        return found

    def take_back(self, handover_id: str, body: Json, key: str, version: int) -> Json:
        path = "/handovers/{handover_id}/returns"
        found: Json = self._call("POST", path, ids={"handover_id": handover_id}, json=body, key=key, version=version)
        return found

    def shortages(self, **query: Any) -> list[Json]:
        found: list[Json] = self._call("GET", "/shortages", params=query)["shortages"]
        return found

    def import_materials(self, content: bytes, dry_run: bool) -> Json:
        report: Json = self._call("POST", "/imports/materials", **_csv(content, dry_run))
        return report

    def import_facilities(self, content: bytes, dry_run: bool) -> Json:
        report: Json = self._call("POST", "/imports/facilities", **_csv(content, dry_run))
        return report


def _csv(content: bytes, dry_run: bool) -> Json:
    return {"params": {"dry_run": str(dry_run).lower()}, "data": content, "headers": {"Content-Type": "text/csv"}}
