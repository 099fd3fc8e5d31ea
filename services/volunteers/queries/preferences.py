"""What somebody prefers; until she says otherwise, she may be asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.volunteers.models import Volunteer
from shared.actors import Actor


def preferences(session: Session, actor: Actor) -> dict[str, Any]:
    """`version` 0: we have not met her yet."""
    known = session.get(Volunteer, actor.person_id)
    return {"may_be_asked": known.may_be_asked, "version": known.version} if known else _UNKNOWN


_UNKNOWN = {"may_be_asked": True, "version": 0}
