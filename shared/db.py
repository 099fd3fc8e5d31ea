"""The database edge: one engine per process, transactions owned by the edges, conflicts retried."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker
from tenacity import Retrying, retry_if_exception, stop_after_attempt

LOCK_TIMEOUT = "5s"
RETRIED = {"40001", "40P01"}  # serialization failure, deadlock

# Stable constraint names, so that migrations can name them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Instants always with their zone. For each service's `class Base(DeclarativeBase)`.
COLUMN_TYPES = {datetime: DateTime(timezone=True)}

T = TypeVar("T")


def sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


LOCK_NOT_AVAILABLE = "55P03"
OUTAGE = ("08", "53", "57", "58")  # SQLSTATE classes: connection, resources, operator, system


def is_outage(error: BaseException) -> bool:
    """True if the database is away or ailing, and the statement itself may be right.

    The driver refuses some values by itself, without a SQLSTATE: those are the statement's fault.
    """
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = sqlstate(error)
    if state is None:
        return error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))
    return error.connection_invalidated or state.startswith(OUTAGE)


def is_transient(error: BaseException) -> bool:
    """True if the same transaction may succeed when it is run again as it is."""
    return isinstance(error, DBAPIError) and sqlstate(error) in RETRIED


def _jitter(state: Any) -> float:
    return random.uniform(0.01, 0.05) * float(2**state.attempt_number)  # noqa: S311 (no secret)


class Database:
    """One service's database. `begin()` is a transaction, `read()` a session that is never committed.

    `ping`: ask each connection whether it still stands before it is used; not for those who try again anyway.
    """

    def __init__(self, url: str, pool: int = 10, ping: bool = True) -> None:
        self.engine = create_engine(
            url,
            pool_size=pool,
            max_overflow=pool,
            pool_pre_ping=ping,
            hide_parameters=True,  # they may be personal data, and errors are logged
            pool_timeout=10,
            connect_args={
                "options": f"-c lock_timeout={LOCK_TIMEOUT} -c timezone=UTC",
                "connect_timeout": 5,
                "application_name": "kommunity",
            },
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._sessions() as session:
            yield session

    def transact(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction; deadlocks and serialization failures are tried again, with jitter."""
        for attempt in Retrying(
            retry=retry_if_exception(is_transient), stop=stop_after_attempt(5), wait=_jitter, reraise=True
        ):
            with attempt, self.begin() as session:
                return work(session)
        raise AssertionError("unreachable: tenacity re-raises")

    def is_ready(self) -> bool:
        with self.engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1

    def dispose(self) -> None:
        self.engine.dispose(close=False)
