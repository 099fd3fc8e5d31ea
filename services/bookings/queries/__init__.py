"""Reads: what there is and how much of it is free, and who has booked what."""

from services.bookings.queries.bookings import approvals, booking, bookings_of, conflicts, depot_bookings
from services.bookings.queries.calendar import calendar
from services.bookings.queries.catalogue import resource, slots
from services.bookings.queries.reasons import reasons
from services.bookings.queries.search import search

__all__ = [
    "approvals",
    "booking",
    "bookings_of",
    "calendar",
    "conflicts",
    "depot_bookings",
    "reasons",
    "resource",
    "search",
    "slots",
]
