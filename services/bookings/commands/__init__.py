"""What one can do with bookings: the only writers. They never commit; the edges do."""

from services.bookings.commands.assess import Assessment, LineAnswer, assess
from services.bookings.commands.cancel import cancel_booking
from services.bookings.commands.copies import (
    copy_association,
    copy_depot,
    copy_facility,
    copy_material,
    copy_stock,
    settle_material,
    settle_stock,
    take_parts_along,
)
from services.bookings.commands.decide import decide_booking
from services.bookings.commands.follow import follow_hand_out, follow_return, note_handover
from services.bookings.commands.lapse import lapse_unanswered, unanswered_bookings
from services.bookings.commands.overdue import mark_overdue, overdue_bookings, sweep_holds
from services.bookings.commands.reduce import reduce_line
from services.bookings.commands.request import RequestRefused, request_booking

__all__ = [
    "Assessment",
    "LineAnswer",
    "RequestRefused",
    "assess",
    "cancel_booking",
    "copy_association",
    "copy_depot",
    "copy_facility",
    "copy_material",
    "copy_stock",
    "decide_booking",
    "follow_hand_out",
    "follow_return",
    "lapse_unanswered",
    "mark_overdue",
    "note_handover",
    "overdue_bookings",
    "reduce_line",
    "request_booking",
    "settle_material",
    "settle_stock",
    "sweep_holds",
    "take_parts_along",
    "unanswered_bookings",
]
