"""A shift as the others are told of it."""

from __future__ import annotations

from typing import Any

from services.volunteers.models import Shift
from shared.contracts.volunteers import ShiftChanged, ShiftPublished


def published(shift: Shift) -> ShiftPublished:
    return ShiftPublished(**_told(shift))


def changed(shift: Shift) -> ShiftChanged:
    return ShiftChanged(**_told(shift))


def _told(shift: Shift) -> dict[str, Any]:
    return {
        "shift_id": shift.id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "sequence": shift.sequence,
        "area": shift.area,
        "organiser_id": shift.organiser_id,
        "cause_id": shift.cause_id,
        "capacity": sum(role.capacity for role in shift.roles),
        "minimum": sum(role.minimum for role in shift.roles),
    }
