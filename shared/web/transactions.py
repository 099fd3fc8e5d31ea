"""The HTTP edge owns the transaction: one per changing request, and one answer per Idempotency-Key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, request
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.db import LOCK_NOT_AVAILABLE, Database, sqlstate
from shared.errors import N_, Kind, Reason, Refusal
from shared.messaging.tables import idempotency_keys
from shared.web.auth import signed_in_actor
from shared.web.etags import apply_etag

View = TypeVar("View", bound=Callable[..., Any])

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
LONGEST_KEY = 200

# Built once: to build them costs more than to run them.
_CLAIM = insert(idempotency_keys).on_conflict_do_nothing().returning(idempotency_keys.c.key)
_STORE = update(idempotency_keys).where(
    idempotency_keys.c.scope == bindparam("of_scope"), idempotency_keys.c.key == bindparam("of_key")
)


def database() -> Database:
    db: Database = current_app.extensions["kommunity_database"]
    return db


def session() -> Session:
    """The transaction of this request; only inside `transactional` or `idempotent` views."""
    current: Session = g.session
    return current


def transactional(view: View) -> View:
    """Run the view in one transaction, committed if it returns; deadlocks are tried again. Outermost decorator."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        def work(current: Session) -> Response:
            g.session = current
            return make_response(view(*args, **kwargs))

        return database().transact(work)

    return wrapper  # type: ignore[return-value]


def idempotent(view: View) -> View:
    """Like `transactional`, and the same Idempotency-Key gets the same answer. Outermost decorator.

    Keys are scoped to person and route. 400 without a key, 422 for the same key with another body, 409 while
    the first request is still under way. A refused request leaves no trace: the key may be used again.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        key, scope, fingerprint = _key(), _scope(), _fingerprint()

        def work(current: Session) -> Response:
            g.session = current
            stored = _claim(current, scope, key, fingerprint)
            if stored is not None:
                return stored
            response = apply_etag(make_response(view(*args, **kwargs)))
            _store(current, scope, key, response)
            return response

        return database().transact(work)

    wrapper.is_idempotent = True  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def _key() -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > LONGEST_KEY:
        text = N_("Send en Idempotency-Key på højst {longest} tegn, en ny for hver ny ting.")
        raise Refusal(
            Kind.BAD_REQUEST,
            "idempotency-key-required",
            [Reason("idempotency-key-required", text, HEADER, {"longest": LONGEST_KEY})],
        )
    return key


def _scope() -> str:
    who = signed_in_actor()
    return f"{who.service or who.person_id}:{who.acting_for or ''} {request.method} {request.path}"


def _fingerprint() -> bytes:
    return hashlib.sha256(request.full_path.encode() + b"\n" + request.get_data()).digest()


def _claim(current: Session, scope: str, key: str, fingerprint: bytes) -> Response | None:
    """None if the key is ours now; the stored answer if it was used before. Waits for a request under way."""
    try:
        claimed = current.execute(_CLAIM, {"scope": scope, "key": key, "fingerprint": fingerprint}).scalar()
    except DBAPIError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        text = N_("Den samme forespørgsel er allerede i gang. Vent et øjeblik, og prøv så igen.")
        raise Refusal(Kind.CONFLICT, "in-progress", [Reason("in-progress", text)]) from error
    if claimed is not None:
        return None
    row = current.execute(
        select(idempotency_keys).where(idempotency_keys.c.scope == scope, idempotency_keys.c.key == key)
    ).one()
    if row.fingerprint != fingerprint:
        text = N_("Idempotency-Key er allerede brugt til noget andet. Brug en ny.")
        raise Refusal(Kind.INVALID, "idempotency-key-reused", [Reason("idempotency-key-reused", text, HEADER)])
    return Response(row.body, row.status, row.headers)


def _store(current: Session, scope: str, key: str, response: Response) -> None:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    answer = {"status": response.status_code, "headers": headers, "body": response.get_data()}
    current.execute(_STORE, {"of_scope": scope, "of_key": key, **answer})
