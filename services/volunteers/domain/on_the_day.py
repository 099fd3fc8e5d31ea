"""The hours around a shift: who may check in when, see a telephone number when, and is reminded when."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, time, timedelta
from uuid import UUID

from shared import clock

CHECK_IN_BEFORE = timedelta(hours=1)
LATE_AFTER = timedelta(minutes=10)
CORRECTED_WITHIN = timedelta(days=60)
PHONES_BEFORE, PHONES_AFTER = timedelta(hours=24), timedelta(hours=12)

BEFORE, TODAY = "before", "today"
REMIND_BEFORE = timedelta(hours=48)
_MORNING, _EARLY, _BEFORE_EARLY = time(7), time(9), timedelta(hours=2)


def check_in_code(shift_id: UUID, secret: str) -> str:
    """What hangs at the place as a QR code: 128 bits that nobody can work out without the secret."""
    digest = hmac.digest(secret.encode(), b"check-in" + shift_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def is_check_in_code(code: str, shift_id: UUID, secret: str) -> bool:
    return hmac.compare_digest(code.encode(), check_in_code(shift_id, secret).encode())


def is_late(starts_at: datetime, arrived_at: datetime) -> bool:
    return arrived_at > starts_at + LATE_AFTER


def attendance_period(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """When coordinators note who came: from the day's first hour on, and long enough to put it right afterwards."""
    day_begins = clock.at(clock.local(starts_at).date(), time.min)
    return min(day_begins, starts_at - CHECK_IN_BEFORE), ends_at + CORRECTED_WITHIN


def phones_period(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    return starts_at - PHONES_BEFORE, ends_at + PHONES_AFTER


def reminder_moments(starts_at: datetime) -> dict[str, datetime]:
    """Two days before; and at seven on the day, or two hours before where it starts earlier than nine."""
    on_wall = clock.local(starts_at)
    morning = starts_at - _BEFORE_EARLY if on_wall.time() < _EARLY else clock.at(on_wall.date(), _MORNING)
    return {BEFORE: starts_at - REMIND_BEFORE, TODAY: morning}


def reminder_due(starts_at: datetime, now: datetime) -> str:
    """ "before", "today", or "" while it is too early, or too late, for both."""
    due = [when for when, moment in reminder_moments(starts_at).items() if moment <= now]
    return due[-1] if due and now < starts_at else ""
