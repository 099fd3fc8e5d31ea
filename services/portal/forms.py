"""What a form needs: its errors beside their fields, a key against double clicks, and the version that was seen."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from flask import request

from services.portal.answers import Problem


class Errors:
    """All reasons of a refusal, by the dotted path of their field ("lines.2.quantity"); "" is the whole form."""

    def __init__(self) -> None:
        self._by_field: dict[str, list[str]] = {}

    @classmethod
    def of(cls, problem: Problem) -> Errors:
        errors = cls()
        for reason in problem.reasons:
            errors.add(reason.get("field") or "", reason["text"])
        return errors

    def add(self, field: str, text: str) -> None:
        texts = self._by_field.setdefault(field, [])
        if text not in texts:
            texts.append(text)

    def extend(self, others: Errors) -> None:
        for field, text in others:
            self.add(field, text)

    def at(self, field: str) -> list[str]:
        return self._by_field.get(field, [])

    def under(self, prefix: str) -> list[str]:
        """Those of a field and of all that is inside it."""
        return [text for field, text in self if field == prefix or field.startswith(f"{prefix}.")]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((field, text) for field, texts in self._by_field.items() for text in texts)

    def __bool__(self) -> bool:
        return bool(self._by_field)


def field_id(path: str) -> str:
    """The HTML id of the field with that path: lines.2.quantity → lines-2-quantity."""
    return path.replace(".", "-") or "form"


def key() -> str:
    """The Idempotency-Key that was made when the form was shown: a second click sends the same."""
    return request.form.get("key", "").strip() or str(uuid4())


def version() -> int:
    """The version that the person saw when she filled in the form."""
    return request.form.get("version", 0, type=int)


def text(name: str) -> str:
    return request.form.get(name, "").strip()
