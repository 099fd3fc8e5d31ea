"""The routes of bookings."""

from services.bookings.api import approvals, bookings, catalogue, reasons

BLUEPRINTS = [catalogue.blueprint, bookings.blueprint, approvals.blueprint, reasons.blueprint]
