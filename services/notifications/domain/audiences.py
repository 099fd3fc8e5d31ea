"""Whom an event concerns."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

BORROWER, BORROWERS, DEPOT, FACILITY = "borrower", "borrowers", "depot", "facility"
PERSON, COORDINATORS = "person", "coordinators"


@dataclass(frozen=True)
class Audience:
    """Who is told, by role; which people that is, is asked when the mail goes out.

    kind: borrower (the person who made the booking with that id), borrowers (she, and the chairs and bookers of
    the association it is for), depot (its staff), facility (its managers), person (herself) or coordinators (who
    plans the shift with that id).
    """

    kind: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Audience:
        kind, _, identifier = text.partition(":")
        return cls(kind, UUID(identifier))
