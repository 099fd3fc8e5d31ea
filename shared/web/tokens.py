"""Access tokens: short-lived JWTs, signed by accounts with Ed25519, verified here without asking anybody."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import jwt
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError

from shared.actors import ACTING_ROLES, NOBODY, Actor, StaffRole
from shared.errors import N_, Kind, Reason, Refusal

ISSUER = "kommunity-accounts"
AUDIENCE = "kommunity"
ALGORITHM = "EdDSA"
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
KEYS_KEPT_S = 300
ASK_AGAIN_AFTER_S = 30
CLOCK_SKEW_S = 5  # between two hosts


class Keys(Protocol):
    def key(self, token: str) -> Any:
        """The public key that `token` names by its kid. Raises jwt.PyJWTError if there is none."""


class RemoteKeys:
    """Accounts' keys, from its JWKS address; the last known ones go on serving while accounts is away."""

    def __init__(self, url: str) -> None:
        self._client = jwt.PyJWKClient(url, lifespan=KEYS_KEPT_S, timeout=3)
        self._known: dict[str, Any] = {}
        self._ask_again_at = 0.0

    def key(self, token: str) -> Any:
        kid = str(jwt.get_unverified_header(token).get("kid", ""))
        if kid in self._known and time.monotonic() < self._ask_again_at:
            return self._known[kid]
        try:
            self._known[kid] = self._client.get_signing_key(kid).key
        except PyJWKClientConnectionError:
            # Not at every request: each one would wait for accounts until its time is out.
            self._ask_again_at = time.monotonic() + ASK_AGAIN_AFTER_S
            if kid not in self._known:
                raise
        return self._known[kid]


def verify(token: str, keys: Keys) -> dict[str, Any]:
    """The claims of a valid access token. Raises Refusal: 401 for a bad token, 503 when no key can be had."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            keys.key(token),
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            leeway=CLOCK_SKEW_S,
            options={"require": REQUIRED},
        )
    except PyJWKClientConnectionError as error:
        raise Refusal(
            Kind.UNAVAILABLE,
            "accounts-unavailable",
            [Reason("accounts-unavailable", N_("Log-in kan ikke bekræftes lige nu. Prøv igen om et øjeblik."))],
        ) from error
    except (jwt.PyJWTError, PyJWKClientError, ValueError) as error:
        raise unauthenticated() from error
    return claims


def unauthenticated() -> Refusal:
    return Refusal(
        Kind.UNAUTHENTICATED, "unauthenticated", [Reason("unauthenticated", N_("Log ind, og prøv så igen."))]
    )


def actor_from(claims: dict[str, Any]) -> Actor:
    """Who the claims speak of, acting for nobody else yet. Raises Refusal (401) if they are not ours."""
    try:
        if service := claims.get("service"):
            return Actor(NOBODY, service=str(service))
        return Actor(
            person_id=UUID(claims["sub"]),
            memberships=_acting_roles(claims.get("for", {})),
            staff=frozenset(StaffRole.parse(text) for text in claims.get("staff", [])),
            born_on=date.fromisoformat(born) if (born := claims.get("born")) else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise unauthenticated() from error


def _acting_roles(told: Mapping[str, list[str]]) -> dict[UUID, frozenset[str]]:
    """A role that gives no right to act, or that this version does not know, opens nothing."""
    roles = {UUID(key): frozenset(ACTING_ROLES).intersection(held) for key, held in told.items()}
    return {key: held for key, held in roles.items() if held}
