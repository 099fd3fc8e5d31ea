"""Addresses of calendars: nobody can guess one, and the table of feeds does not give them away."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

PERSON, AREA, ORGANISER, CAUSE = KINDS = ("person", "area", "organiser", "cause")
KEPT = timedelta(days=90)  # so long a calendar still tells what is past or called off
MOST_FEEDS = 50  # of one person
_RANDOM_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(_RANDOM_BYTES)


def hash_of(token: str) -> bytes:
    """Tokens are random and long, so that a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
