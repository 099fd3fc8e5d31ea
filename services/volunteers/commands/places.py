"""A place that coordinators name themselves; in an area that there is already, or a new one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.volunteers.models import Place
from shared.errors import N_, Kind, Reason, refuse_if


def keep(session: Session, name: str, area: str, latitude: float | None, longitude: float | None) -> Place:
    """A new place, or other facts of a known one. Raises Refusal (409) with all reasons."""
    reasons = [
        Reason("missing-value", N_("Feltet er tomt. Skriv noget."), field)
        for field, value in (("name", name), ("area", area))
        if not value
    ]
    if (latitude is None) != (longitude is None):
        text = N_("Skriv både breddegrad (højst 90) og længdegrad, eller ingen af dem.")
        reasons.append(Reason("half-a-coordinate", text, "latitude"))
    refuse_if(reasons, Kind.CONFLICT, "no-place")
    return session.merge(Place(name=name, area=area, latitude=latitude, longitude=longitude))
