"""Signed tokens as accounts makes them, with a key that only the tests know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.web.tokens import ALGORITHM, AUDIENCE, ISSUER


@cache
def signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


class LocalKeys:
    """Stands where the JWKS address stands: the public half of the tests' key."""

    def key(self, token: str) -> Any:
        return signing_key().public_key()


def token(
    person_id: UUID, memberships: Mapping[UUID, list[str]] | None = None, staff: list[str] | None = None, **claims: Any
) -> str:
    """An access token. `staff` as "depot_staff:depot:<uuid>" or "administrator:municipality:"."""
    now = datetime.now(UTC)
    content = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(person_id),
        "iat": now,
        "exp": now + timedelta(minutes=10),
        "for": {str(key): roles for key, roles in (memberships or {}).items()},
        "staff": staff or [],
        **claims,
    }
    return jwt.encode(content, signing_key(), ALGORITHM, headers={"kid": "tests"})
