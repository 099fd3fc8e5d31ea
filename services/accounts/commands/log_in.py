"""Log-in, exchange of refresh tokens, log-out. `now` is real time: moving the demo's clock logs nobody out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.accounts import domain
from services.accounts.commands import passwords
from services.accounts.models import LogInAttempt, LogInSession, Person, RefreshToken
from shared.ids import new_id


@dataclass(frozen=True)
class Granted:
    """A session's next refresh token, in the clear for the last time."""

    session_id: UUID
    person_id: UUID
    refresh_token: str


def admit_log_in(session: Session, email: str, address: str, now: datetime) -> None:
    """Count an attempt, in a transaction of its own, before the password is looked at. Raises Refusal (429).

    The lock lets attempts for one e-mail in one by one, so that many at once cannot slip through.
    """
    email_hash = _hash(domain.email_address(email))
    session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(email_hash[:8], signed=True))))
    session.execute(delete(LogInAttempt).where(LogInAttempt.attempted_at < now - domain.THROTTLED_FOR))
    in_all, from_address = session.execute(
        select(func.count(), func.count().filter(LogInAttempt.address == address)).where(
            LogInAttempt.email_hash == email_hash
        )
    ).one()
    domain.refuse_throttled(from_address, in_all)
    session.add(LogInAttempt(email_hash=email_hash, address=address, attempted_at=now))


def log_in(session: Session, email: str, password: str, address: str, now: datetime) -> Granted:
    """Open a session. Raises Refusal (401), which does not tell whether the e-mail or the password is wrong."""
    person = session.scalar(select(Person).where(Person.email == domain.email_address(email)))
    stored = person.password_hash if person else None
    if not passwords.matches(stored, password) or person is None or stored is None:
        raise domain.wrong_credentials()
    if passwords.is_outdated(stored):
        person.password_hash = passwords.hashed(password)
    session.execute(
        delete(LogInAttempt).where(LogInAttempt.email_hash == _hash(person.email), LogInAttempt.address == address)
    )
    session.execute(delete(LogInSession).where(LogInSession.expires_at < now))
    opened = LogInSession(
        id=new_id(), person_id=person.id, created_at=now, expires_at=now + domain.SESSION_FOR, revoked_at=None
    )
    session.add(opened)
    session.flush()
    return _grant(session, opened, now)


def refresh_session(session: Session, token: str, now: datetime) -> Granted | None:
    """Exchange a refresh token. None if it is worth nothing: commit all the same, for it may end the session."""
    found = session.execute(
        select(RefreshToken, LogInSession)
        .join(LogInSession, LogInSession.id == RefreshToken.session_id)
        .where(RefreshToken.hash == _hash(token))
        .with_for_update()
    ).one_or_none()
    if found is None:
        return None
    given, opened = found
    verdict = domain.judge_refresh(given.used_at, given.expires_at, now)
    if verdict is domain.Verdict.STOLEN:
        opened.revoked_at = opened.revoked_at or now
    if opened.revoked_at is not None or verdict is not domain.Verdict.GOOD:
        return None
    given.used_at = given.used_at or now
    return _grant(session, opened, now)


def log_out(session: Session, token: str, now: datetime) -> None:
    """End the token's session. An unknown token changes nothing."""
    opened = session.scalar(
        select(LogInSession)
        .join(RefreshToken, RefreshToken.session_id == LogInSession.id)
        .where(RefreshToken.hash == _hash(token))
        .with_for_update()
    )
    if opened is not None:
        opened.revoked_at = opened.revoked_at or now


def _grant(session: Session, opened: LogInSession, now: datetime) -> Granted:
    token = secrets.token_urlsafe(32)
    expires_at = min(now + domain.REFRESH_TOKEN_FOR, opened.expires_at)
    session.add(RefreshToken(hash=_hash(token), session_id=opened.id, expires_at=expires_at, used_at=None))
    return Granted(opened.id, opened.person_id, token)


def _hash(text: str) -> bytes:
    """Tokens are random enough to need no salt."""
    return hashlib.sha256(text.encode()).digest()
