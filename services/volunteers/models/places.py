"""Where the places are that we know."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.travel import Spot
from services.volunteers.models.people import Place


def spots_of(session: Session, names: Collection[str]) -> dict[str, Spot]:
    """By name, those of `names` whose coordinates are known."""
    rows = session.execute(select(Place.name, Place.latitude, Place.longitude).where(Place.name.in_(names)))
    return {
        name: Spot(latitude, longitude)
        for name, latitude, longitude in rows
        if latitude is not None and longitude is not None
    }
