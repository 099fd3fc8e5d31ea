"""What is kept with others, asked at the moment of delivery: names and addresses of accounts, reasons of bookings."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import requests

from shared.actors import BOOKER, CHAIR

TIMEOUT_S = 5
UNUSABLE = (requests.RequestException, ValueError, KeyError, TypeError, AttributeError)


class ServiceAway(Exception):
    """Another service gives no answer that can be used; ask again later."""


@dataclass(frozen=True)
class Contact:
    person_id: UUID
    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Reasons:
    """What people wrote: by the id of a refused line, and when the booking was called off."""

    lines: Mapping[UUID, str] = field(default_factory=dict)
    cancellation: str = ""


class ServiceToken:
    """Our own token, from accounts: asked for anew when it is old, or dropped because it was refused."""

    def __init__(self, accounts_url: str, secret: str) -> None:
        self._url = accounts_url.rstrip("/")
        self._secret = secret
        self._token = ""
        self._valid_until = 0.0

    def get(self) -> str:
        if time.monotonic() >= self._valid_until:
            credentials = {"client_id": "notifications", "client_secret": self._secret}
            response = requests.post(f"{self._url}/service-token", json=credentials, timeout=TIMEOUT_S)
            response.raise_for_status()
            answer = response.json()
            self._token = answer["access_token"]
            self._valid_until = time.monotonic() + answer["expires_in"] / 2
        return self._token

    def drop(self) -> None:
        self._valid_until = 0


class Service:
    """Another service, asked with our token."""

    def __init__(self, url: str, token: ServiceToken) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._http = requests.Session()

    def ask(self, path: str, **query: str) -> requests.Response:
        response = self._get(path, query)
        if response.status_code == 401:
            self._token.drop()
            response = self._get(path, query)
        return response

    def _get(self, path: str, query: dict[str, str]) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token.get()}"}
        return self._http.get(self._url + path, params=query, headers=headers, timeout=TIMEOUT_S)


class Accounts(Service):
    """Who people are and how to reach them."""

    def people(self, ids: Iterable[UUID]) -> dict[UUID, Contact]:
        """Those of `ids` that accounts still knows."""
        found = self._contacts(person_ids=",".join(sorted({str(person_id) for person_id in ids})))
        return {contact.person_id: contact for contact in found}

    def association(self, association_id: UUID) -> list[Contact]:
        """Its chairs and bookers."""
        return self._contacts(association_id=str(association_id), roles=f"{CHAIR},{BOOKER}")

    def staff(self, role: str, scope_id: UUID) -> list[Contact]:
        return self._contacts(role=role, scope_id=str(scope_id))

    def _contacts(self, **query: str) -> list[Contact]:
        try:
            response = self.ask("/contacts", **query)
            response.raise_for_status()
            return [
                Contact(UUID(one["person_id"]), one["name"], one["email"], one["language"])
                for one in response.json()["contacts"]
            ]
        except UNUSABLE as error:
            raise ServiceAway(f"accounts: {error}"[:300]) from error


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
