"""An HTTP client for one person: sends her token, whom she acts for, and a fresh Idempotency-Key with every POST."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.tokens import token


class Caller:
    """`caller.post("/bookings", json=…)`. Without a person nobody is signed in."""

    def __init__(
        self,
        app: Flask,
        person_id: UUID | None = None,
        memberships: dict[UUID, list[str]] | None = None,
        staff: list[str] | None = None,
        acting_for: UUID | None = None,
        language: str = "da",
        born: str | None = None,
    ) -> None:
        self.client = app.test_client()
        self.person_id = person_id
        self.headers = {"Accept-Language": language}
        if person_id:
            self.headers["Authorization"] = (
                f"Bearer {token(person_id, memberships, staff, **({'born': born} if born else {}))}"
            )
        if acting_for:
            self.headers["Kommunity-Acting-For"] = str(acting_for)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> TestResponse:
        return self.client.open(path, method=method, headers={**self.headers, **(headers or {})}, **content)

    def get(self, path: str, **content: Any) -> TestResponse:
        return self.send("GET", path, **content)

    def post(self, path: str, key: str | None = None, version: int | None = None, **content: Any) -> TestResponse:
        return self.send("POST", path, self._unsafe(key, version), **content)

    def patch(self, path: str, version: int | None = None, **content: Any) -> TestResponse:
        return self.send("PATCH", path, self._unsafe(None, version), **content)

    def delete(self, path: str, version: int | None = None, **content: Any) -> TestResponse:
        return self.send("DELETE", path, self._unsafe(None, version), **content)

    def _unsafe(self, key: str | None, version: int | None) -> dict[str, str]:
        headers = {"Idempotency-Key": key or str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return headers


def slugs(response: TestResponse) -> list[str]:
    """The slugs of all reasons in a problem document."""
    return [reason["slug"] for reason in (response.json or {})["reasons"]]
