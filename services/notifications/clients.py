"""Names, addresses and languages, asked of accounts at the moment of delivery and kept nowhere."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import requests

from shared.actors import BOOKER, CHAIR

TIMEOUT_S = 5


class AccountsAway(Exception):
    """Accounts gives no answer that can be used; ask again later."""


@dataclass(frozen=True)
class Contact:
    person_id: UUID
    name: str
    email: str
    language: str


class Accounts:
    """Accounts' contacts, asked with a service token that is renewed when it is old or refused."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._secret = secret
        self._http = requests.Session()
        self._token = ""
        self._valid_until = 0.0

    def people(self, ids: Iterable[UUID]) -> dict[UUID, Contact]:
        """Those of `ids` that accounts still knows."""
        found = self._contacts({"person_ids": ",".join(sorted({str(person_id) for person_id in ids}))})
        return {contact.person_id: contact for contact in found}

    def association(self, association_id: UUID) -> list[Contact]:
        """Its chairs and bookers."""
        return self._contacts({"association_id": str(association_id), "roles": f"{CHAIR},{BOOKER}"})

    def staff(self, role: str, scope_id: UUID) -> list[Contact]:
        return self._contacts({"role": role, "scope_id": str(scope_id)})

    def _contacts(self, query: dict[str, str]) -> list[Contact]:
        try:
            response = self._get("/contacts", query)
            if response.status_code == 401:
                self._valid_until = 0
                response = self._get("/contacts", query)
            response.raise_for_status()
            return [
                Contact(UUID(one["person_id"]), one["name"], one["email"], one["language"])
                for one in response.json()["contacts"]
            ]
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise AccountsAway(f"accounts: {error}"[:300]) from error

    def _get(self, path: str, query: dict[str, str]) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._fresh_token()}"}
        return self._http.get(self._url + path, params=query, headers=headers, timeout=TIMEOUT_S)

    def _fresh_token(self) -> str:
        if time.monotonic() >= self._valid_until:
            credentials = {"client_id": "notifications", "client_secret": self._secret}
            response = self._http.post(f"{self._url}/service-token", json=credentials, timeout=TIMEOUT_S)
            response.raise_for_status()
            answer = response.json()
            self._token = answer["access_token"]
            self._valid_until = time.monotonic() + answer["expires_in"] / 2
        return self._token
