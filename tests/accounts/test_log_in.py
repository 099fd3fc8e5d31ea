"""Log-in, refresh and log-out, over HTTP, with the service's own key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from services.accounts import commands, domain
from services.accounts.app import create_app
from services.accounts.models import Person, RefreshToken
from shared.db import Database
from shared.settings import Settings
from tests.accounts.conftest import HANDBALL, PASSWORD, Town, association_id
from tests.support.client import Caller, slugs

METTE = {"email": "mette@kommunity.example", "password": PASSWORD}


@pytest.fixture
def app(database: Database, config: Settings) -> Flask:
    return create_app(config, database=database)


@pytest.fixture
def nobody(town: Town, app: Flask) -> Caller:
    """A caller without a token; Mette can log in."""
    town.person("Mette Holm", PASSWORD)
    return Caller(app)


def log_in(caller: Caller) -> dict[str, Any]:
    response = caller.post("/session", json=METTE)
    assert response.status_code == 200
    return response.json or {}


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def test_the_token_says_who_she_is_and_what_she_may(nobody: Caller, town: Town) -> None:
    town.member("Mette", HANDBALL, "chair")
    town.member("Mette", HANDBALL, "booker")
    town.staff("Mette", "administrator")
    tokens = log_in(nobody)
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["for"] == {str(association_id(HANDBALL)): ["booker", "chair"]}
    assert claims["staff"] == ["administrator:municipality:"]
    assert claims["exp"] - claims["iat"] == tokens["expires_in"] == 600
    me = nobody.send("GET", "/me", bearer(tokens))
    assert me.json["email"] == METTE["email"]
    assert me.json["associations"] == [
        {"id": str(association_id(HANDBALL)), "name": HANDBALL, "roles": ["booker", "chair"]}
    ]


def test_other_services_can_verify_the_token_with_the_published_key(nobody: Caller) -> None:
    [jwk] = nobody.get("/.well-known/jwks.json").json["keys"]
    token = log_in(nobody)["access_token"]
    assert jwt.get_unverified_header(token)["kid"] == jwk["kid"]
    jwt.decode(token, jwt.PyJWK(jwk).key, ["EdDSA"], audience="kommunity", issuer="kommunity-accounts")
    assert "d" not in jwk


def test_the_case_of_an_email_does_not_matter(nobody: Caller) -> None:
    assert nobody.post("/session", json={**METTE, "email": " Mette@Kommunity.EXAMPLE "}).status_code == 200


@pytest.mark.parametrize("wrong", [{"password": "forkert"}, {"email": "ukendt@kommunity.example"}])
def test_a_wrong_password_and_an_unknown_email_look_the_same(nobody: Caller, wrong: dict[str, str]) -> None:
    response = nobody.post("/session", json={**METTE, **wrong})
    assert (response.status_code, slugs(response)) == (401, ["wrong-credentials"])


def test_a_person_without_password_cannot_log_in(nobody: Caller, town: Town) -> None:
    town.person("Ali Demir")
    assert nobody.post("/session", json={"email": "ali@kommunity.example", "password": ""}).status_code == 401


def test_a_password_hashed_with_old_parameters_is_hashed_anew(nobody: Caller, database: Database) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.begin() as session:
        session.execute(update(Person).values(password_hash=weak))
    log_in(nobody)
    with database.read() as session:
        assert session.scalars(select(Person.password_hash)).one() != weak
    log_in(nobody)


def test_too_many_failures_throttle_whatever_a_header_says_of_the_address(nobody: Caller) -> None:
    wrong = {**METTE, "password": "forkert"}
    for attempt in range(domain.MOST_FAILURES_FROM_ADDRESS):
        response = nobody.send("POST", "/session", {"X-Forwarded-For": f"192.0.2.{attempt}"}, json=wrong)
        assert response.status_code == 401
    throttled = nobody.send("POST", "/session", {"X-Forwarded-For": "192.0.2.200"}, json=METTE)
    assert (throttled.status_code, slugs(throttled)) == (429, ["too-many-log-ins"])
    assert throttled.headers["Retry-After"] == "900"
    other_address = {"REMOTE_ADDR": "203.0.113.9"}
    assert nobody.send("POST", "/session", json=METTE, environ_base=other_address).status_code == 200


def test_attempts_for_one_email_are_let_in_one_by_one(database: Database) -> None:
    now = datetime.now(UTC)
    with database.begin() as first, database.read() as second:
        commands.admit_log_in(first, METTE["email"], "192.0.2.1", now)
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        commands.admit_log_in(second, "ali@kommunity.example", "192.0.2.1", now)
        with pytest.raises(OperationalError, match="lock timeout"):
            commands.admit_log_in(second, METTE["email"], "192.0.2.2", now)


def test_the_throttle_lets_go_after_a_while_and_a_success_forgets_failures(nobody: Caller, database: Database) -> None:
    now = datetime.now(UTC)
    with database.begin() as session:
        for _ in range(domain.MOST_FAILURES_FROM_ADDRESS):
            commands.admit_log_in(session, METTE["email"], "127.0.0.1", now - domain.THROTTLED_FOR)
    log_in(nobody)
    for _ in range(domain.MOST_FAILURES_FROM_ADDRESS + 1):
        log_in(nobody)


def test_a_refresh_token_is_exchanged_for_fresh_rights(nobody: Caller, town: Town) -> None:
    tokens = log_in(nobody)
    town.member("Mette", HANDBALL, "booker")
    fresh = nobody.post("/session/refresh", json={"refresh_token": tokens["refresh_token"]}).json
    assert fresh["refresh_token"] != tokens["refresh_token"]
    claims = jwt.decode(fresh["access_token"], options={"verify_signature": False})
    assert claims["for"] == {str(association_id(HANDBALL)): ["booker"]}


def refresh(caller: Caller, token: str) -> int:
    return caller.post("/session/refresh", json={"refresh_token": token}).status_code


def test_two_tabs_may_refresh_at_once_but_a_later_second_use_ends_the_session(
    nobody: Caller, database: Database
) -> None:
    first = log_in(nobody)["refresh_token"]
    second = nobody.post("/session/refresh", json={"refresh_token": first}).json["refresh_token"]
    third = nobody.post("/session/refresh", json={"refresh_token": first}).json["refresh_token"]
    assert refresh(nobody, third) == 200
    with database.begin() as session:
        session.execute(update(RefreshToken).values(used_at=RefreshToken.used_at - timedelta(seconds=11)))
    assert refresh(nobody, first) == 401
    assert refresh(nobody, second) == 401


def test_a_session_ends_at_log_out(nobody: Caller) -> None:
    body = {"refresh_token": log_in(nobody)["refresh_token"]}
    other = log_in(nobody)["refresh_token"]
    assert nobody.delete("/session", json=body).status_code == 204
    assert nobody.delete("/session", json=body).status_code == 204
    response = nobody.post("/session/refresh", json=body)
    assert (response.status_code, slugs(response)) == (401, ["session-over"])
    assert refresh(nobody, other) == 200


def test_unknown_and_expired_refresh_tokens_are_worth_nothing(nobody: Caller, database: Database) -> None:
    token = log_in(nobody)["refresh_token"]
    assert refresh(nobody, "x" * 43) == 401
    with database.begin() as session:
        session.execute(update(RefreshToken).values(expires_at=datetime.now(UTC)))
    assert refresh(nobody, token) == 401


def test_neither_passwords_nor_refresh_tokens_are_stored(nobody: Caller, database: Database) -> None:
    token = log_in(nobody)["refresh_token"]
    with database.read() as session:
        assert token.encode() not in session.scalars(select(RefreshToken.hash)).one()
        assert session.scalars(select(Person.password_hash)).one().startswith("$argon2id$")


def test_moving_the_demo_clock_logs_nobody_out(nobody: Caller, moved_clock: Any) -> None:
    tokens = log_in(nobody)
    moved_clock(datetime(2031, 1, 1, tzinfo=UTC))
    assert nobody.send("GET", "/me", bearer(tokens)).status_code == 200
    assert refresh(nobody, tokens["refresh_token"]) == 200


def test_a_service_gets_a_token_for_its_secret_and_nothing_for_another(nobody: Caller, town: Town) -> None:
    right = {"client_id": "notifications", "client_secret": "demo-service-secret"}
    token = nobody.post("/service-token", json=right).json
    query = f"/contacts?person_ids={town.person('Ali Demir')}"
    assert nobody.send("GET", query, bearer(token)).json["contacts"][0]["email"] == "ali@kommunity.example"
    for wrong in ({**right, "client_secret": "forkert"}, {**right, "client_id": "bookings"}):
        assert nobody.post("/service-token", json=wrong).status_code == 401
