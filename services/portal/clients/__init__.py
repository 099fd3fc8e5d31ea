"""Thin HTTP clients, one per service. `api()` holds them all, for the person that makes this request."""

from __future__ import annotations

from flask import g

from services.portal.answers import Problem, SignedOut
from services.portal.clients.accounts import Accounts
from services.portal.clients.bookings import Bookings
from services.portal.clients.catalogue import Catalogue
from services.portal.clients.dead_letters import DeadLetters
from services.portal.clients.inventory import Inventory
from services.portal.clients.notifications import Notifications
from services.portal.clients.transport import Transport
from services.portal.clients.volunteers import Volunteers

__all__ = ["Api", "Problem", "SignedOut", "api"]


class Api:
    def __init__(self, transport: Transport) -> None:
        self.accounts = Accounts(transport)
        self.bookings = Bookings(transport)
        self.catalogue = Catalogue(transport)
        self.dead_letters = DeadLetters(transport)
        self.inventory = Inventory(transport)
        self.notifications = Notifications(transport)
        self.volunteers = Volunteers(transport)


def api() -> Api:
    """This request's clients. Their calls raise Problem for every answer that is no success."""
    if "api" not in g:
        g.api = Api(Transport.of_this_request())
    known: Api = g.api
    return known
