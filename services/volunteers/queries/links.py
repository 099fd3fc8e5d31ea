"""What a link is about, for whoever has it: no names, and nothing of the others on the shift."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.volunteers.domain.offers import is_late
from services.volunteers.links import STOP_ASKING, Link
from services.volunteers.models import Role, Shift, SignUp
from services.volunteers.models.mailed_links import reason_against
from services.volunteers.models.sign_ups import CONFIRMED
from shared.errors import not_found

_SHIFT = ("id", "title", "place", "starts_at", "ends_at")


def look(session: Session, link: Link, now: datetime) -> dict[str, Any]:
    """Changes nothing: programs that scan mails follow links too. Raises Refusal (404) if it is about nothing."""
    reason = reason_against(session, link, now)
    shown = {"purpose": link.purpose, "usable": reason is None, "reason": reason, "sign_up": None, "shift": None}
    return shown if link.purpose == STOP_ASKING else shown | _about(session, link, now)


def _about(session: Session, link: Link, now: datetime) -> dict[str, Any]:
    sign_up = session.get(SignUp, link.subject_id)
    if sign_up is None:
        raise not_found("sign-up")
    shift, role = session.get_one(Shift, sign_up.shift_id), session.get_one(Role, sign_up.role_id)
    return {
        "sign_up": {
            "state": sign_up.state,
            "places": sign_up.places,
            "role": role.name,
            "offer_until": sign_up.offer_until,
            "late": sign_up.state == CONFIRMED and is_late(now, shift.starts_at),
        },
        "shift": {name: getattr(shift, name) for name in _SHIFT},
    }
