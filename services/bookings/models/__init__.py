"""Tables of bookings, and the small facts about their rows."""

from services.bookings.models.base import Base
from services.bookings.models.bookings import NUMBERS, WITH_LINES, Booking, Handover, Happening, Line
from services.bookings.models.holds import OUT, PREPARING, PROMISED, QuantityHold, UnitHold, period
from services.bookings.models.resources import Association, Depot, OpeningHours, Resource, Unit

__all__ = [
    "NUMBERS",
    "OUT",
    "PREPARING",
    "PROMISED",
    "WITH_LINES",
    "Association",
    "Base",
    "Booking",
    "Depot",
    "Handover",
    "Happening",
    "Line",
    "OpeningHours",
    "QuantityHold",
    "Resource",
    "Unit",
    "UnitHold",
    "period",
]
