"""How the portal speaks HTTP: whose token, for whom, in which language; and how answers become problems."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests
import structlog
from flask import current_app, g
from flask_babel import get_locale, gettext
from requests.adapters import HTTPAdapter

from services.portal.answers import Problem, SignedOut
from services.portal.login import Login, current_login
from shared.messaging.context import origin
from shared.settings import Settings

log = structlog.get_logger(__name__)

TIMEOUTS_S = (2, 15)

_pool = requests.Session()
_pool.trust_env = False
_pool.mount("http://", HTTPAdapter(pool_maxsize=32))
_pool.mount("https://", HTTPAdapter(pool_maxsize=32))


class Transport:
    """One person's way to the services. Refreshes her access token by itself, once, when it has expired."""

    def __init__(self, config: Settings, login: Login | None, headers: dict[str, str]) -> None:
        self._urls = {
            "accounts": config.accounts_url,
            "bookings": config.bookings_url,
            "inventory": config.inventory_url,
            "notifications": config.notifications_url,
            "volunteers": config.volunteers_url,
        }
        self._login = login
        self._headers = headers

    @classmethod
    def of_this_request(cls) -> Transport:
        headers = {
            "Accept-Language": str(get_locale()),
            "X-Correlation-Id": origin().correlation_id,
        }
        if acting_for := g.get("acting_for"):
            headers["Kommunity-Acting-For"] = acting_for
        return cls(current_app.extensions["kommunity_settings"], current_login(), headers)

    def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        ids: dict[str, Any] | None = None,
        key: str = "",
        version: int | None = None,
        anonymous: bool = False,
        whole: bool = False,
        for_myself: bool = False,
        **content: Any,
    ) -> Any:
        """Send one request; `ids` fill the {placeholders} of `path`. Returns the JSON answer, None if empty.

        With `whole` the answer comes as it is (a requests.Response), for what is no JSON; a "no" raises all the same.
        `for_myself`: the person speaks for herself here, whichever association she has chosen on the pages.
        """
        url = self._urls[service] + path.format(
            **{name: quote(str(value), safe="") for name, value in (ids or {}).items()}
        )
        headers = {**self._headers, **content.pop("headers", {})}
        if for_myself:
            headers.pop("Kommunity-Acting-For", None)
        if key:
            headers["Idempotency-Key"] = key
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        login = None if anonymous else self._login
        answer = self._send(method, url, headers, login, content)
        if answer.status_code == 401 and login and login.renew(self._trade):
            answer = self._send(method, url, headers, login, content)
        if answer.status_code == 401 and not anonymous:
            raise SignedOut
        said = _content(answer)
        return answer if whole else said

    def _send(
        self, method: str, url: str, headers: dict[str, str], login: Login | None, content: dict[str, Any]
    ) -> requests.Response:
        if login:
            headers["Authorization"] = f"Bearer {login.access_token}"
        else:
            headers.pop("Kommunity-Acting-For", None)
        content.setdefault("timeout", TIMEOUTS_S)
        try:
            return _pool.request(method, url, headers=headers, allow_redirects=False, **content)
        except requests.RequestException as error:
            log.warning("service unreachable", url=url, error=str(error))
            text = gettext("En del af Kommunity svarer ikke lige nu. Prøv igen om et øjeblik.")
            raise Problem(503, {"slug": "unreachable", "reasons": [{"slug": "unreachable", "text": text}]}) from error

    def _trade(self, refresh_token: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.call(
            "accounts", "POST", "/session/refresh", anonymous=True, json={"refresh_token": refresh_token}
        )
        return answer


def _content(answer: requests.Response) -> Any:
    try:
        content = answer.json() if answer.content else None
    except ValueError:
        content = None
    if answer.ok:
        return content
    raise Problem(answer.status_code, content if isinstance(content, dict) else None)
