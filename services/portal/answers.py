"""The services' "no", as Python exceptions."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A "no" from a service: its status, slug and all reasons ({slug, field, text}); `document` is the whole answer."""

    def __init__(self, status: int, document: dict[str, Any] | None = None) -> None:
        self.status = status
        self.document = document or {}
        self.slug: str = self.document.get("slug", "")
        self.title: str = self.document.get("title", "")
        self.reasons: list[dict[str, Any]] = self.document.get("reasons", [])
        super().__init__(f"{status} {self.slug}")


class SignedOut(Exception):
    """The log-in does not hold any more (or there is none), and the service asks for one."""
