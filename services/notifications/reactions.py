"""Who is told what of which event, and the copies that the mails need for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications import commands, models
from services.notifications.channels.delivery import deliver_mail
from services.notifications.commands import tell
from services.notifications.domain.audiences import (
    BORROWER,
    BORROWERS,
    COORDINATORS,
    DEPOT,
    FACILITY,
    PERSON,
    Audience,
)
from shared.contracts import accounts, bookings, inventory, volunteers
from shared.messaging.subscription import Copies, Copy, Reactions
from shared.messaging.worker import Jobs


def tell_of_request(session: Session, event: bookings.BookingRequested) -> None:
    """What needs nobody's approval is told as confirmed, by BookingApproved."""
    waiting = [line for line in event.lines if line.state == "waiting"]
    if waiting:
        tell(session, event, "booking_received", Audience(BORROWER, event.booking_id))
        tell(session, event, "approval_needed", *_approvers(waiting))


def tell_of_confirmation(session: Session, event: bookings.BookingApproved) -> None:
    tell(session, event, "booking_confirmed", Audience(BORROWER, event.booking_id))


def tell_of_refusal(session: Session, event: bookings.BookingRefused) -> None:
    tell(session, event, "booking_refused", Audience(BORROWER, event.booking_id))


def tell_of_cancellation(session: Session, event: bookings.BookingCancelled) -> None:
    tell(session, event, "booking_cancelled", Audience(BORROWER, event.booking_id))
    tell(session, event, "booking_cancelled_depot", *_depots(line.depot_id for line in event.lines))


def tell_of_risk(session: Session, event: bookings.BookingPutAtRisk) -> None:
    tell(session, event, "booking_at_risk", Audience(BORROWERS, event.booking_id))
    tell(session, event, "booking_at_risk_depot", *_depots(line.depot_id for line in event.lines))


def tell_of_relief(session: Session, event: bookings.BookingSecured) -> None:
    """Whoever was told of the risk."""
    tell(session, event, "booking_secured", Audience(BORROWERS, event.booking_id))


def tell_of_overdue(session: Session, event: bookings.BookingBecameOverdue) -> None:
    tell(session, event, "booking_overdue", Audience(BORROWER, event.booking_id))


def send_hand_out_receipt(session: Session, event: inventory.MaterialsHandedOut) -> None:
    if any(line.quantity for line in event.lines):
        tell(session, event, "materials_handed_out", Audience(BORROWER, event.booking_id))


def send_return_receipt(session: Session, event: inventory.MaterialsReturned) -> None:
    tell(session, event, "materials_returned", Audience(BORROWER, event.booking_id))


def tell_of_shortage(session: Session, event: inventory.ShortageReported) -> None:
    tell(session, event, "shortage_reported", Audience(BORROWERS, event.booking_id))
    tell(session, event, "shortage_reported_depot", Audience(DEPOT, event.depot_id))


def tell_of_the_line(session: Session, event: volunteers.SignUpMade) -> None:
    """Only that she joined it, and not every step forward; who got a place at once is told by SignUpConfirmed."""
    if event.state == "waiting":
        tell(session, event, "shift_waiting", *_people(event.person_id))


def tell_of_place(session: Session, event: volunteers.SignUpConfirmed) -> None:
    tell(session, event, "shift_confirmed", *_people(event.person_id))


def tell_of_offer(session: Session, event: volunteers.SignUpOffered) -> None:
    tell(session, event, "shift_offered", *_people(event.person_id))


def tell_of_lapse(session: Session, event: volunteers.SignUpLapsed) -> None:
    """Who said no herself knows it."""
    if not event.declined:
        tell(session, event, "shift_lapsed", *_people(event.person_id))


def tell_of_release(session: Session, event: volunteers.SignUpCancelled) -> None:
    """Who ended it herself gets a receipt; a swap has its own answer."""
    tell(session, event, "shift_released", *_people(*event.person_ids))
    if event.by == "volunteer":
        receipt = "shift_called_off" if event.was == "confirmed" else "shift_line_left"
        tell(session, event, receipt, *_people(event.person_id))


def tell_of_called_off_shift(session: Session, event: volunteers.ShiftCancelled) -> None:
    tell(session, event, "shift_cancelled", *_people(*event.person_ids))


def tell_of_move(session: Session, event: volunteers.SignUpMoved) -> None:
    tell(session, event, "shift_moved", *_people(*event.person_ids))


def tell_of_broken_rule(session: Session, event: volunteers.SignUpFlagged) -> None:
    tell(session, event, "shift_flagged", *_people(*event.person_ids))


def tell_who_was_named(session: Session, event: volunteers.SeatNamed) -> None:
    tell(session, event, "shift_seat_named", *_people(event.person_id))


def tell_whose_name_is_gone(session: Session, event: volunteers.SeatUnnamed) -> None:
    if not event.by_herself:
        tell(session, event, "shift_seat_unnamed", *_people(event.person_id))


def ask_for_swap(session: Session, event: volunteers.SwapAsked) -> None:
    tell(session, event, "shift_swap_asked", *_people(event.to_person_id))


def tell_of_swap_answer(session: Session, event: volunteers.SwapAnswered) -> None:
    tell(session, event, "shift_swap_answered", *_people(event.from_person_id))


def tell_of_lapsed_swap(session: Session, event: volunteers.SwapLapsed) -> None:
    both = (event.from_person_id, event.to_person_id)
    tell(session, event, "shift_swap_lapsed", *_people(*filter(None, both)))


def remind(session: Session, event: volunteers.ReminderDue) -> None:
    tell(session, event, f"shift_reminder_{event.when}", *_people(*event.person_ids))


def warn_of_small_crew(session: Session, event: volunteers.ShiftUnderstaffed) -> None:
    planner = Audience(PERSON, event.contact_id) if event.contact_id else Audience(COORDINATORS, event.shift_id)
    tell(session, event, "shift_understaffed", planner)


def pass_on_invitation(session: Session, event: accounts.InvitationMade) -> None:
    tell(session, event, "invited", *_people(event.person_id), title=event.association)


def ask_for_help(session: Session, event: volunteers.VolunteerAsked) -> None:
    tell(session, event, "shift_asked", *_people(event.person_id))


def ask_about_hours(session: Session, event: volunteers.HoursQuestioned) -> None:
    tell(session, event, "shift_hours_questioned", *_people(event.person_id))


def copy_booking(session: Session, event: bookings.BookingRequested) -> None:
    commands.keep_copy(session, models.Booking, event, lines={str(line.line_id): _named(line) for line in event.lines})


def copy_association(session: Session, event: accounts.AssociationUpdated) -> None:
    commands.keep_copy(session, models.Association, event)


def copy_depot(session: Session, event: inventory.DepotUpdated) -> None:
    commands.keep_copy(session, models.Depot, event)


def copy_facility(session: Session, event: inventory.FacilityUpdated) -> None:
    commands.keep_copy(session, models.Facility, event)


def copy_material(session: Session, event: inventory.MaterialUpdated) -> None:
    commands.keep_copy(session, models.Material, event)


def _people(*person_ids: UUID) -> list[Audience]:
    return [Audience(PERSON, person_id) for person_id in sorted(set(person_ids))]


def _named(line: bookings.BookedLine) -> dict[str, str]:
    return {"name": line.name, "unit_name": line.unit_name, "kind": line.kind}


def _approvers(lines: Iterable[bookings.BookedLine]) -> list[Audience]:
    facilities = {line.resource_id for line in lines if line.depot_id is None}
    return [Audience(FACILITY, facility) for facility in sorted(facilities)] + _depots(line.depot_id for line in lines)


def _depots(depot_ids: Iterable[UUID | None]) -> list[Audience]:
    return [Audience(DEPOT, depot_id) for depot_id in sorted({depot_id for depot_id in depot_ids if depot_id})]


COPIES: Copies = {
    accounts.AssociationUpdated: (Copy(copy_association, "association", "association_id"),),
    inventory.DepotUpdated: (Copy(copy_depot, "depot", "depot_id"),),
    inventory.FacilityUpdated: (Copy(copy_facility, "facility", "resource_id"),),
    inventory.MaterialUpdated: (Copy(copy_material, "material", "resource_id"),),
    bookings.BookingRequested: (Copy(copy_booking, "booking", "booking_id"),),
}
COPY_TABLES = (models.Association, models.Depot, models.Facility, models.Material, models.Booking)

REACTIONS: Reactions = {
    bookings.BookingRequested: tell_of_request,
    bookings.BookingApproved: tell_of_confirmation,
    bookings.BookingRefused: tell_of_refusal,
    bookings.BookingCancelled: tell_of_cancellation,
    bookings.BookingPutAtRisk: tell_of_risk,
    bookings.BookingSecured: tell_of_relief,
    bookings.BookingBecameOverdue: tell_of_overdue,
    inventory.MaterialsHandedOut: send_hand_out_receipt,
    inventory.MaterialsReturned: send_return_receipt,
    inventory.ShortageReported: tell_of_shortage,
    volunteers.SignUpMade: tell_of_the_line,
    volunteers.SignUpConfirmed: tell_of_place,
    volunteers.SignUpOffered: tell_of_offer,
    volunteers.SignUpLapsed: tell_of_lapse,
    volunteers.SignUpCancelled: tell_of_release,
    volunteers.ShiftCancelled: tell_of_called_off_shift,
    volunteers.SignUpMoved: tell_of_move,
    volunteers.SignUpFlagged: tell_of_broken_rule,
    volunteers.SeatNamed: tell_who_was_named,
    volunteers.SeatUnnamed: tell_whose_name_is_gone,
    volunteers.SwapAsked: ask_for_swap,
    volunteers.SwapAnswered: tell_of_swap_answer,
    volunteers.SwapLapsed: tell_of_lapsed_swap,
    volunteers.ReminderDue: remind,
    volunteers.ShiftUnderstaffed: warn_of_small_crew,
    volunteers.VolunteerAsked: ask_for_help,
    volunteers.HoursQuestioned: ask_about_hours,
    accounts.InvitationMade: pass_on_invitation,
}

JOBS: Jobs = {deliver_mail: timedelta(seconds=0.5)}
