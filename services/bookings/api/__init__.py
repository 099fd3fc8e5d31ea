"""The routes of bookings."""

from services.bookings.api import approvals, bookings, catalogue

BLUEPRINTS = [catalogue.blueprint, bookings.blueprint, approvals.blueprint]
