"""Services that ask each other over HTTP reach each other's apps at once, in this very thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse


class Switchboard(BaseAdapter):
    """http://accounts/contacts is answered by the app named accounts."""

    def __init__(self, apps: Mapping[str, Flask]) -> None:
        super().__init__()
        self.apps = apps

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        address = urlsplit(str(request.url))
        client = self.apps[address.netloc].test_client()
        answer = client.open(
            address.path,
            method=request.method,
            query_string=address.query,
            headers=list(request.headers.items()),
            data=request.body or b"",
        )
        raw = HTTPResponse(BytesIO(answer.data), dict(answer.headers), answer.status_code, preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        pass


@contextmanager
def connected(apps: Mapping[str, Flask]) -> Iterator[None]:
    """Inside, every request of this process goes through a switchboard."""
    board = Switchboard(apps)
    with patch.object(requests.Session, "get_adapter", lambda *_, **__: board):
        yield


def address_of(service: str) -> str:
    return f"http://{service}"
