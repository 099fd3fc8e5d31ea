"""Cookies and headers that keep other sites out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from shared.settings import Settings

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
LARGEST_FORM = 6 * 1024 * 1024  # an import of 5 MB and its form


def init_cookies(app: Flask, config: Settings) -> None:
    production = config.is_production
    app.config.update(
        SECRET_KEY=config.session_secret,
        SESSION_COOKIE_NAME=cookie_name("kommunity", production),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: nobody loses a form to a lunch break
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
    )


def cookie_name(name: str, production: bool) -> str:
    """With the prefix, browsers take the cookie from this host alone, over TLS alone."""
    return f"__Host-{name}" if production else name


def init_app(app: Flask) -> None:
    production = app.extensions["kommunity_settings"].is_production

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.add("Cookie")
        if production:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def own_address(wanted: str | None, otherwise: str = "/") -> str:
    """`wanted` if it leads to a page of this site, else `otherwise`: nobody is sent on to a stranger."""
    wanted = (wanted or "").strip()
    parts = urlsplit(wanted)
    if parts.netloc == request.host and parts.scheme in ("http", "https"):
        wanted = parts._replace(scheme="", netloc="").geturl()
        parts = urlsplit(wanted)
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and "\\" not in wanted
    return wanted.removesuffix("?") if is_own and wanted.isprintable() else otherwise
