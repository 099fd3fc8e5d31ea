"""The signed-in person's tokens: in a cookie of their own, signed, out of reach of scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from services.portal.answers import Problem
from services.portal.security import cookie_name

Trade = Callable[[str], dict[str, Any]]


class Login:
    def __init__(self, access_token: str, refresh_token: str, changed: bool = False) -> None:
        self.access_token = access_token
        self.refresh_token = refresh_token
        self.changed = changed

    def renew(self, trade: Trade) -> bool:
        """Get a new access token. False if the log-in has ended. Raises Problem (503) if accounts is away."""
        try:
            tokens = trade(self.refresh_token)
        except Problem as problem:
            if problem.status >= 500:
                raise
            return False
        self.access_token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        self.changed = True
        return True


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="kommunity-login")


def _cookie() -> str:
    return cookie_name("kommunity_login", current_app.extensions["kommunity_settings"].is_production)


def current_login() -> Login | None:
    if "login" not in g:
        try:
            access_token, refresh_token = _serializer().loads(request.cookies.get(_cookie(), ""))
            g.login = Login(access_token, refresh_token)
        except (BadSignature, ValueError, TypeError):
            g.login = None
    login: Login | None = g.login
    return login


def sign_in(tokens: dict[str, Any]) -> None:
    g.login = Login(tokens["access_token"], tokens["refresh_token"], changed=True)
    g.pop("api", None)


def sign_out() -> None:
    g.login = None
    g.login_ended = True
    g.pop("api", None)


def init_app(app: Flask) -> None:
    @app.after_request
    def keep(response: Response) -> Response:
        login = g.get("login")
        if login and login.changed:
            value = _serializer().dumps([login.access_token, login.refresh_token])
            secure = app.config["SESSION_COOKIE_SECURE"]
            response.set_cookie(_cookie(), value, httponly=True, samesite="Lax", secure=secure)
        elif g.get("login_ended"):
            response.delete_cookie(_cookie(), httponly=True, samesite="Lax", secure=app.config["SESSION_COOKIE_SECURE"])
        return response
