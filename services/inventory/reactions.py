"""What inventory does when bookings decide and associations change."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.inventory.commands.prepare import cancel_handovers, prepare_handovers, reduce_line
from services.inventory.models import Association
from shared import clock
from shared.contracts import accounts, bookings
from shared.messaging.copying import keep
from shared.messaging.subscription import Copies, Copy, Reactions


def copy_association_name(session: Session, event: accounts.AssociationUpdated) -> None:
    keep(session, Association, id=event.association_id, name=event.name)


def reduce_handover_line(session: Session, event: bookings.BookingReduced) -> None:
    reduce_line(session, event.line_id, event.quantity, clock.now())


def call_off_handovers(session: Session, event: bookings.BookingCancelled) -> None:
    cancel_handovers(session, event.booking_id, clock.now())


COPIES: Copies = {
    accounts.AssociationUpdated: (Copy(copy_association_name, "association", "association_id"),),
}
COPY_TABLES = (Association,)

REACTIONS: Reactions = {
    bookings.BookingApproved: prepare_handovers,
    bookings.BookingReduced: reduce_handover_line,
    bookings.BookingCancelled: call_off_handovers,
}
