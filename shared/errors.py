"""Refusals that know their kind: raised by the rules, shown by the edges, always with all their reasons."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


def N_(text: str) -> str:
    """Mark a Danish text for translation; it is translated at the edge, in the reader's language."""
    return text


class Kind(StrEnum):
    BAD_REQUEST = "bad-request"
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    STALE = "stale"
    PRECONDITION_REQUIRED = "precondition-required"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Reason:
    """One reason, in one sentence that ends in what can be done.

    `text` is a Danish msgid with {placeholders} filled from `params`; `field` is the dotted path of the
    input that it concerns ("lines.2.quantity"), None for the whole.
    """

    slug: str
    text: str
    field: str | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def at(self, path: str) -> Reason:
        """The same reason, told of a place further out ("quantity" at "lines.2")."""
        return Reason(self.slug, self.text, f"{path}.{self.field}" if self.field else path, self.params)


class Refusal(Exception):
    """A "no" with all its reasons. `slug` is stable, for machines; the reasons' texts are for people."""

    def __init__(self, kind: Kind, slug: str, reasons: Iterable[Reason] = (), **extra: Any) -> None:
        self.kind = kind
        self.slug = slug
        self.reasons = list(reasons)
        self.extra = extra
        super().__init__(f"{slug}: {', '.join(reason.slug for reason in self.reasons)}")


def refuse_if(reasons: Iterable[Reason], kind: Kind, slug: str) -> None:
    """Raise one Refusal with all reasons, if there is any."""
    found = list(reasons)
    if found:
        raise Refusal(kind, slug, found)


def not_found(what: str = "resource") -> Refusal:
    return Refusal(
        Kind.NOT_FOUND,
        f"{what}-not-found",
        [Reason("not-found", N_("Det findes ikke, eller du har ikke adgang til det. Gå tilbage og prøv igen."))],
    )


def forbidden(text: str = N_("Det har du ikke rettigheder til. Spørg en administrator.")) -> Refusal:
    return Refusal(Kind.FORBIDDEN, "forbidden", [Reason("forbidden", text)])


def stale() -> Refusal:
    return Refusal(
        Kind.STALE,
        "stale",
        [Reason("stale", N_("Det er ændret, siden du hentede det. Hent det igen, og prøv så igen."))],
    )
