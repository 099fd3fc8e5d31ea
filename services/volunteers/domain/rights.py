"""Who plans shifts: the municipality's coordinators all of them, an association's chairs and bookers its own."""

from __future__ import annotations

from uuid import UUID

from shared.actors import BOOKER, CHAIR, VOLUNTEER_COORDINATOR, Actor
from shared.errors import forbidden


def coordinates(actor: Actor, organiser_id: UUID | None) -> bool:
    """May she plan, see the crew of, and confirm hours on shifts of this organiser (None: not an association)?"""
    if actor.has_role(VOLUNTEER_COORDINATOR):
        return True
    return organiser_id is not None and bool(actor.memberships.get(organiser_id, frozenset()) & {CHAIR, BOOKER})


def coordinated_organisers(actor: Actor) -> frozenset[UUID] | None:
    """The associations whose shifts she plans; None means all shifts."""
    if actor.has_role(VOLUNTEER_COORDINATOR):
        return None
    return frozenset(key for key, roles in actor.memberships.items() if roles & {CHAIR, BOOKER})


def refuse_unless_planning(actor: Actor) -> None:
    """Raises Refusal (403) for whoever plans no shifts at all."""
    own = coordinated_organisers(actor)
    if own is not None and not own:
        raise forbidden()


def owns(actor: Actor, person_id: UUID, association_id: UUID | None) -> bool:
    """Is it her own sign-up, or that of an association for which she may speak?"""
    if association_id is None:
        return actor.person_id == person_id
    return bool(actor.memberships.get(association_id, frozenset()) & {CHAIR, BOOKER})
