"""What bookings does when inventory and accounts tell something, and what it looks after by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from services.bookings import commands, models
from shared import clock
from shared.contracts import accounts, inventory
from shared.db import Database
from shared.messaging.subscription import Copies, Copy, Reaction, Reactions
from shared.messaging.worker import Jobs


def _now(command: Callable[[Session, Any, datetime], None]) -> Reaction:
    """Give the command this moment."""
    return lambda session, event: command(session, event, clock.now())


def mark_overdue(database: Database) -> None:
    """Each booking in a transaction of its own, so that one in trouble holds up no other."""
    now = clock.now()
    with database.read() as session:
        late = commands.overdue_bookings(session, now)
    for booking_id in late:
        database.transact(partial(commands.mark_overdue, booking_id=booking_id, now=now))


def lapse_unanswered(database: Database) -> None:
    """Each booking in a transaction of its own here too."""
    now = clock.now()
    with database.read() as session:
        unanswered = commands.unanswered_bookings(session, now)
    for booking_id in unanswered:
        database.transact(partial(commands.lapse_unanswered, booking_id=booking_id, now=now))


def sweep_holds(database: Database) -> None:
    database.transact(lambda session: commands.sweep_holds(session, clock.now()))


_stock = Copy(commands.copy_stock, "stock", "resource_id")

COPIES: Copies = {
    accounts.AssociationUpdated: (Copy(commands.copy_association, "association", "association_id"),),
    inventory.DepotUpdated: (Copy(commands.copy_depot, "depot", "depot_id"),),
    inventory.MaterialUpdated: (Copy(commands.copy_material, "resource", "resource_id"), _stock),
    inventory.FacilityUpdated: (Copy(commands.copy_facility, "resource", "resource_id"),),
    inventory.StockChanged: (_stock,),
}
COPY_TABLES = (models.Association, models.Depot, models.Resource, models.Unit)

REACTIONS: Reactions = {
    inventory.MaterialUpdated: _now(commands.settle_material),
    inventory.FacilityUpdated: commands.take_parts_along,
    inventory.StockChanged: _now(commands.settle_stock),
    inventory.HandoverPrepared: commands.note_handover,
    inventory.MaterialsHandedOut: _now(commands.follow_hand_out),
    inventory.MaterialsReturned: _now(commands.follow_return),
}

JOBS: Jobs = {
    mark_overdue: timedelta(seconds=30),
    lapse_unanswered: timedelta(minutes=5),
    sweep_holds: timedelta(hours=1),
}
