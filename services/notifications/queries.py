"""The only reads: a person's messages, and the facts that a mail's text is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from services.notifications.domain.booking_letters import BOOKING_LETTERS
from services.notifications.domain.letters import LETTERS
from services.notifications.domain.shift_letters import SHIFT_LETTERS
from services.notifications.models import (
    OVERTAKEN,
    SENT,
    WAITING,
    Association,
    Booking,
    Delivery,
    Depot,
    Facility,
    Material,
    Notice,
)

MOST_MESSAGES = 200


@dataclass(frozen=True)
class Facts:
    """What a mail tells beside its event. `association` is a name or ""; `delivered` materials come with staff."""

    booking: Booking | None
    association: str
    depots: Mapping[UUID, Depot]
    delivered: frozenset[UUID]


@dataclass(frozen=True)
class Told:
    """What a mail about a shift tells beside its event and what volunteers knows.

    `offered_since`: after this move, with an offer that tells the new time. `move`: told by an offer first.
    """

    association: str
    offered_since: bool
    move: Notice | None


def told(session: Session, notice: Notice, association_id: UUID | None) -> Told:
    return Told(
        association_name(session, association_id),
        notice.template == "shift_moved" and _is_offered_since(session, notice),
        _untold_move(session, notice) if notice.template == "shift_offered" else None,
    )


def facts(session: Session, booking_id: UUID) -> Facts:
    booking = session.get(Booking, booking_id)
    association = association_name(session, booking.association_id if booking else None)
    depots = {depot.depot_id: depot for depot in session.scalars(select(Depot))}
    delivered = session.scalars(select(Material.resource_id).where(Material.delivery == "staff"))
    return Facts(booking, association, depots, frozenset(delivered))


def association_name(session: Session, association_id: UUID | None) -> str:
    known = session.get(Association, association_id) if association_id else None
    return known.name if known else ""


def bookings(session: Session, ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Those of them that are known, by id."""
    return {one.booking_id: one for one in session.scalars(select(Booking).where(Booking.booking_id.in_(ids)))}


def managed_with(session: Session, facility_id: UUID) -> list[UUID]:
    """The facility, and the hall that it is a part of."""
    parent_id = session.scalar(select(Facility.parent_id).where(Facility.resource_id == facility_id))
    return [facility_id, parent_id] if parent_id else [facility_id]


def notices_of(session: Session, deliveries: Iterable[Delivery]) -> dict[UUID, Notice]:
    ids = {delivery.notice_id for delivery in deliveries}
    return {notice.id: notice for notice in session.scalars(select(Notice).where(Notice.id.in_(ids)))}


def _is_offered_since(session: Session, notice: Notice) -> bool:
    """Has the sign-up of a move's notice got an offer since? Its mail tells the new time."""
    return bool(session.scalar(select(exists().where(*_of_sign_up(notice, "shift_offered"), Notice.at > notice.at))))


def _untold_move(session: Session, notice: Notice) -> Notice | None:
    """The move before an offer that who gets the offer has not heard of."""
    told = exists().where(Delivery.notice_id == Notice.id, Delivery.state == SENT)
    moves = select(Notice).where(*_of_sign_up(notice, "shift_moved"), Notice.at < notice.at, ~told)
    return session.scalar(moves.order_by(Notice.at.desc()).limit(1))


def _of_sign_up(notice: Notice, template: str) -> list[ColumnElement[bool]]:
    same = Notice.payload["sign_up_id"].astext == notice.payload["sign_up_id"]
    return [Notice.subject_id == notice.subject_id, Notice.template == template, same]


def messages(session: Session, person_id: UUID | None, subject_id: UUID | None) -> list[dict[str, Any]]:
    """Newest first, of all or of one booking or shift. Without a person everybody's, with the recipient's id."""
    query = (
        select(Delivery, Notice, Booking.number)
        .join(Notice, Notice.id == Delivery.notice_id)
        .outerjoin(Booking, Booking.booking_id == Notice.subject_id)
        .where(Delivery.state != OVERTAKEN)
        .order_by(Notice.at.desc(), Delivery.id.desc())
        .limit(MOST_MESSAGES)
    )
    if person_id:
        query = query.where(Delivery.person_id == person_id)
    if subject_id:
        query = query.where(Notice.subject_id == subject_id)
    return [
        _message(delivery, notice, number or "") | ({} if person_id else {"person_id": delivery.person_id})
        for delivery, notice, number in session.execute(query)
    ]


def _message(delivery: Delivery, notice: Notice, number: str) -> dict[str, Any]:
    letter = LETTERS[notice.template]
    is_delayed = delivery.state == WAITING and delivery.trouble
    return {
        "id": delivery.id,
        "at": notice.at,
        "sent_at": delivery.sent_at,
        "template": notice.template,
        "subject": gettext(letter.subject).format(number=number, title=notice.title or gettext("en vagt")),
        "why": gettext(letter.why),
        "event_type": notice.event_type,
        "booking_id": notice.subject_id if notice.template in BOOKING_LETTERS else None,
        "shift_id": notice.subject_id if notice.template in SHIFT_LETTERS else None,
        "state": "delayed" if is_delayed else delivery.state,
    }
