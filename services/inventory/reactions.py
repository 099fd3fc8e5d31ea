"""What inventory does when bookings decide and associations change."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.inventory.commands.prepare import cancel_handovers, prepare_handovers, reduce_line
from services.inventory.models import Association
from shared import clock
from shared.contracts import accounts, bookings
from shared.messaging.subscription import Reactions


def copy_association_name(session: Session, event: accounts.AssociationUpdated) -> None:
    row = insert(Association).values(id=event.association_id, name=event.name)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"name": row.excluded.name}))


def reduce_handover_line(session: Session, event: bookings.BookingReduced) -> None:
    reduce_line(session, event.line_id, event.quantity, clock.now())


def call_off_handovers(session: Session, event: bookings.BookingCancelled) -> None:
    cancel_handovers(session, event.booking_id)


REACTIONS: Reactions = {
    accounts.AssociationUpdated: copy_association_name,
    bookings.BookingApproved: prepare_handovers,
    bookings.BookingReduced: reduce_handover_line,
    bookings.BookingCancelled: call_off_handovers,
}
