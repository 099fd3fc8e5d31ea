"""Shifts to start from, by name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.rights import coordinated_organisers, refuse_unless_planning
from services.volunteers.models import Template
from shared.actors import Actor


def templates(session: Session, actor: Actor) -> Sequence[Template]:
    """Those of the organisers for whom she plans. Raises Refusal (403)."""
    refuse_unless_planning(actor)
    own = coordinated_organisers(actor)
    found = select(Template).order_by(Template.name)
    if own is not None:
        found = found.where(Template.organiser_id.in_(own))
    return session.scalars(found).all()
