"""The frame of one kind of mail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """The mail's body is the template pair of the same name. `path` is the portal's, filled from the event."""

    subject: str
    why: str
    action: str
    path: str
