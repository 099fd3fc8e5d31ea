"""The Ed25519 key that signs tokens, and the address where its public half is published for all services."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import Response, current_app, jsonify

from services.accounts.domain import ACCESS_TOKEN_FOR
from shared.settings import Settings
from shared.web import public
from shared.web.blueprint import Blueprint
from shared.web.tokens import ALGORITHM, AUDIENCE, ISSUER

blueprint = Blueprint("keys", __name__, description="Public keys")


class SigningKey:
    """Signs access tokens; as shared.web.tokens.Keys it also verifies them, without asking itself over HTTP."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key()

    @classmethod
    def load(cls, config: Settings) -> SigningKey:
        """From the settings' file, made at the first start. A production system must bring it."""
        file = config.signing_key_file
        if config.is_production and (file is None or not file.exists()):
            raise RuntimeError(
                "KOMMUNITY_SIGNING_KEY_FILE must name an Ed25519 private key in PEM form, readable by this process "
                "alone. Make one with: openssl genpkey -algorithm ed25519 -out FILE"
            )
        if file is None:
            return cls(Ed25519PrivateKey.generate())
        if not file.exists():
            _make(file)
        private = load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise RuntimeError(f"{file} holds a key of another kind than Ed25519.")
        return cls(private)

    @cached_property
    def jwk(self) -> dict[str, str]:
        raw = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        required = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
        thumbprint = hashlib.sha256(json.dumps(required, separators=(",", ":")).encode()).digest()  # RFC 7638
        return {**required, "kid": _base64url(thumbprint), "use": "sig", "alg": ALGORITHM}

    def key(self, token: str) -> Ed25519PublicKey:
        return self._public

    def access_token(self, claims: dict[str, Any]) -> str:
        """A token with `claims`, good for ACCESS_TOKEN_FOR. In real time, which all services go by here."""
        now = datetime.now(UTC)
        lasting = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + ACCESS_TOKEN_FOR, "jti": uuid4().hex}
        return jwt.encode({**lasting, **claims}, self._private, ALGORITHM, headers={"kid": self.jwk["kid"]})


def _make(file: Path) -> None:
    """Write a new key, whole or not at all; of several processes that start at once, the first one's stays."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.{uuid4().hex}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(pem)
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signing_key() -> SigningKey:
    key: SigningKey = current_app.extensions["kommunity_signing_key"]
    return key


@blueprint.get("/.well-known/jwks.json")
@public
def get_keys() -> Response:
    """The keys that access tokens are signed with (RFC 7517)."""
    response = jsonify(keys=[signing_key().jwk])
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
