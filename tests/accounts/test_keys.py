"""The signing key, and tokens that others would like to make."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

from services.accounts.api.keys import SigningKey
from shared.settings import Environment, Settings
from tests.support.tokens import signing_key, token

PERSON = uuid4()
NOW = datetime.now(UTC)


def unsigned(person_id: UUID) -> str:
    parts = [{"alg": "none", "kid": "tests"}, jwt.decode(token(person_id), options={"verify_signature": False})]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def signed_with_the_public_key(person_id: UUID) -> str:
    """As if the public key were a shared secret; signed by hand, for PyJWT refuses to."""
    head, body, _ = unsigned(person_id).split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"tests"}').rstrip(b"=").decode()
    public = signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.new(public, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def signed_with_another_key(person_id: UUID) -> str:
    claims = jwt.decode(token(person_id), options={"verify_signature": False})
    headers: dict[str, Any] = {"kid": "tests", "jku": "https://evil.example/keys"}
    return jwt.encode(claims, Ed25519PrivateKey.generate(), "EdDSA", headers=headers)


FORGED = {
    "no signature": unsigned(PERSON),
    "HS256 with the public key": signed_with_the_public_key(PERSON),
    "another key": signed_with_another_key(PERSON),
    "another audience": token(PERSON, aud="others"),
    "another issuer": token(PERSON, iss="others"),
    "expired": token(PERSON, exp=NOW - timedelta(minutes=1)),
    "not yet issued": token(PERSON, iat=NOW + timedelta(minutes=5)),
    "claims of another shape": token(PERSON, staff=[7]),
    "no person": token(PERSON, sub="somebody"),
    "changed after signing": token(PERSON)[:-6] + "AAAAAA",
    "no token at all": "nonsense",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_opens_nothing(app: Flask, forged: str) -> None:
    response = app.test_client().get("/associations", headers={"Authorization": f"Bearer {forged}"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "key.pem"
    config = Settings(environment=Environment.TEST, signing_key_file=file)
    made = SigningKey.load(config)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SigningKey.load(config).jwk == made.jwk
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("file", [None, Path("/nowhere/key.pem")])
def test_a_production_system_does_not_start_without_its_key(file: Path | None) -> None:
    config = Settings(
        environment=Environment.PRODUCTION,
        session_secret="s" * 40,
        service_secret="t" * 40,
        link_secret="u" * 40,
        signing_key_file=file,
    )
    with pytest.raises(RuntimeError, match="KOMMUNITY_SIGNING_KEY_FILE"):
        SigningKey.load(config)
