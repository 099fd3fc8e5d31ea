"""Our own services, asked with a token of our own; and accounts, asked who people are at the moment it is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

import requests

TIMEOUT_S = 5
MOST_IDS = 100  # in one address
T = TypeVar("T")

UNUSABLE = (requests.RequestException, ValueError, KeyError, TypeError, AttributeError)


class ServiceAway(Exception):
    """Another service gives no answer that can be used; ask again later."""


@dataclass(frozen=True)
class Contact:
    """Who somebody is and how to reach her: to be used and forgotten, kept in accounts alone."""

    person_id: UUID
    name: str
    email: str
    language: str
    phone: str = ""


class ServiceToken:
    """The token of `service`, from accounts: asked for anew when it is old, or dropped because it was refused."""

    def __init__(self, accounts_url: str, service: str, secret: str) -> None:
        self._url = accounts_url.rstrip("/")
        self._credentials = {"client_id": service, "client_secret": secret}
        self._token = ""
        self._valid_until = 0.0

    def get(self) -> str:
        if time.monotonic() >= self._valid_until:
            response = requests.post(f"{self._url}/service-token", json=self._credentials, timeout=TIMEOUT_S)
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

    def ask(self, path: str, language: str = "", **query: str) -> requests.Response:
        """`language`: of the texts in the answer, for who is to read them."""
        response = self._get(path, language, query)
        if response.status_code == 401:
            self._token.drop()
            response = self._get(path, language, query)
        return response

    def _get(self, path: str, language: str, query: dict[str, str]) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token.get()}"}
        if language:
            headers["Accept-Language"] = language
        return self._http.get(self._url + path, params=query, headers=headers, timeout=TIMEOUT_S)


class AccountsService(Service):
    """Raises ServiceAway where accounts does not answer."""

    def people(self, ids: Iterable[UUID]) -> dict[UUID, Contact]:
        """Those of `ids` that accounts still knows."""
        return {one.person_id: one for part in _parts(ids) for one in self.contacts(person_ids=part)}

    def birth_dates(self, ids: Iterable[UUID]) -> dict[UUID, date]:
        """Of those of `ids` who wrote theirs."""
        told = [self._told("/birth-dates", "people", _birth_date, person_ids=part) for part in _parts(ids)]
        return dict(chain.from_iterable(told))

    def person_with(self, email: str) -> Contact | None:
        """Whom an e-mail address means, however it was typed."""
        return next(iter(self.contacts(email=email)), None)

    def contacts(self, **query: str) -> list[Contact]:
        return self._told("/contacts", "contacts", _contact, **query)

    def _told(self, path: str, what: str, read: Callable[[dict[str, Any]], T], **query: str) -> list[T]:
        try:
            response = self.ask(path, **query)
            response.raise_for_status()
            return [read(one) for one in response.json()[what]]
        except UNUSABLE as error:
            raise ServiceAway(f"accounts: {error}"[:300]) from error


def _parts(ids: Iterable[UUID]) -> list[str]:
    texts = sorted({str(person_id) for person_id in ids})
    return [",".join(texts[start : start + MOST_IDS]) for start in range(0, len(texts), MOST_IDS)]


def _birth_date(one: dict[str, Any]) -> tuple[UUID, date]:
    return UUID(one["person_id"]), date.fromisoformat(one["born_on"])


def _contact(one: dict[str, Any]) -> Contact:
    return Contact(UUID(one["person_id"]), one["name"], one["email"], one["language"], one["phone"])
