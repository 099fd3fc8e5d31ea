"""What the services tell each other: the only code that one service's meaning shares with another's."""

from shared.contracts import accounts, bookings, inventory, volunteers
from shared.contracts.base import REGISTRY, Event, topic_of

__all__ = ["REGISTRY", "Event", "accounts", "bookings", "inventory", "topic_of", "volunteers"]
