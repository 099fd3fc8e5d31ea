"""The only writers: what is to be told, to whom, and what became of it. None of them commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Interval, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.domain.audiences import Audience
from services.notifications.domain.letters import GATHERED
from services.notifications.domain.pauses import GATHERED_FOR
from services.notifications.models import (
    ADDRESSED,
    FAILED,
    OVERTAKEN,
    SENT,
    SILENT,
    WAITING,
    Delivery,
    Notice,
    TellsFrom,
)
from shared import clock
from shared.contracts.base import Event
from shared.ids import made_at, new_id
from shared.messaging.context import origin
from shared.messaging.copying import keep

SUBJECTS = {"accounts": "association_id", "volunteers": "shift_id"}  # others tell of a booking
UNSEEN = {"synchronize_session": False}
# Plain statements, made once: the mapper takes longer for each than the database.
_NOTE = insert(cast(Table, Notice.__table__)).on_conflict_do_nothing()
_ADDRESS = (
    insert(cast(Table, Delivery.__table__))
    .values(due_at=func.now() + bindparam("pause", type_=Interval()))
    .on_conflict_do_nothing()
)
_SINCE = "tells from"
ONE_AT_A_TIME = 4713  # an advisory lock: else two workers would tear one person's news apart


def tell(session: Session, event: Any, template: str, *audiences: Audience, title: str = "") -> None:
    """Note that each audience is to hear of `event`, about a booking, shift or association. Twice changes nothing."""
    event_id = origin().causation_id
    state = SILENT if _is_replayed(session, event_id) else WAITING
    for audience in audiences:
        notice = {
            "id": new_id(),
            "event_id": event_id,
            "event_type": event.event_type,
            "template": template,
            "audience": str(audience),
            "subject_id": getattr(event, SUBJECTS.get(event.publisher, "booking_id")),
            "title": title,
            "at": clock.now(),
            "payload": event.to_payload(),
            "state": state,
            "tries": 0,
            "trouble": "",
        }
        session.execute(_NOTE, notice)


def _is_replayed(session: Session, event_id: str) -> bool:
    """True for an event older than this database: it comes from a log read anew, and was told in its time."""
    try:
        made = made_at(UUID(event_id))
    except ValueError:
        return False
    if _SINCE not in session.info:  # many events come in one transaction
        session.info[_SINCE] = session.scalar(select(TellsFrom.since))
    since: datetime | None = session.info[_SINCE]
    return made is not None and since is not None and made < since


def keep_copy(session: Session, model: Any, event: Event, **values: Any) -> None:
    """Keep what `event` tells; the columns are the event's fields of these names."""
    columns = model.__table__.columns.keys()
    keep(session, model, **{name: getattr(event, name) for name in columns if name not in values}, **values)


def claim_notices(session: Session, most: int, lease: timedelta) -> Sequence[Notice]:
    """Take up to `most` that are due; nobody else takes them within `lease`, after which they are due again."""
    notices = session.scalars(_due(Notice, most).with_for_update(skip_locked=True)).all()
    _lease(session, Notice, notices, lease)
    return notices


def claim_mails(session: Session, most: int, lease: timedelta) -> list[list[Delivery]]:
    """Take up to `most` deliveries that are due, and what goes in the same mails; by mail, else like notices."""
    session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    due = session.scalars(_due(Delivery, most).with_for_update()).all()
    taken = sorted({*due, *_companions(session, due)}, key=lambda delivery: delivery.id)
    first_news: dict[UUID, UUID] = {}
    mails: dict[UUID, list[Delivery]] = {}
    for delivery in taken:
        if delivery.mail_id is None:
            is_gathered = delivery.template in GATHERED
            delivery.mail_id = first_news.setdefault(delivery.person_id, delivery.id) if is_gathered else delivery.id
        mails.setdefault(delivery.mail_id, []).append(delivery)
    _lease(session, Delivery, taken, lease)
    return list(mails.values())


def _due(model: type[Notice | Delivery], most: int) -> Any:
    return (
        select(model).where(model.state == WAITING, model.due_at <= func.now()).order_by(model.due_at, model.id)
    ).limit(most)


def _companions(session: Session, due: Sequence[Delivery]) -> Sequence[Delivery]:
    """What waits for the same mail, and more news to the same people, due or not."""
    mails = {delivery.mail_id for delivery in due if delivery.mail_id}
    people = {delivery.person_id for delivery in due if delivery.mail_id is None and delivery.template in GATHERED}
    fresh = and_(Delivery.mail_id.is_(None), Delivery.template.in_(GATHERED), Delivery.person_id.in_(people))
    return session.scalars(
        select(Delivery).where(Delivery.state == WAITING, or_(Delivery.mail_id.in_(mails), fresh)).with_for_update()
    ).all()


def _lease(
    session: Session, model: type[Notice | Delivery], rows: Sequence[Notice | Delivery], lease: timedelta
) -> None:
    if not rows:
        return
    for row in rows:
        row.tries += 1
    session.flush()
    ids = [row.id for row in rows]
    session.execute(update(model).where(model.id.in_(ids)).values(due_at=func.now() + lease), execution_options=UNSEEN)


def address(session: Session, found: Iterable[tuple[Notice, Iterable[UUID]]]) -> None:
    """Make one delivery per notice and person, unless she hears of that event in that template already."""
    notices, deliveries = [], []
    for notice, people in found:
        notices.append(notice.id)
        deliveries += [_delivery(notice, person_id) for person_id in people]
    if deliveries:
        session.execute(_ADDRESS, deliveries)
    _settle(session, Notice, *notices, state=ADDRESSED, trouble="")


def _delivery(notice: Notice, person_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "notice_id": notice.id,
        "event_id": notice.event_id,
        "template": notice.template,
        "person_id": person_id,
        "state": WAITING,
        "tries": 0,
        "trouble": "",
        "refusals": 0,
        "pause": GATHERED_FOR if notice.template in GATHERED else timedelta(0),
    }


def mark_sent(session: Session, delivery_id: UUID) -> None:
    _settle(session, Delivery, delivery_id, state=SENT, sent_at=clock.now(), trouble="")


def mark_overtaken(session: Session, delivery_id: UUID) -> None:
    _settle(session, Delivery, delivery_id, state=OVERTAKEN, trouble="")


def keep_title(session: Session, notice_id: UUID, title: str) -> None:
    session.execute(update(Notice).where(Notice.id == notice_id).values(title=title))


def part(session: Session, deliveries: Iterable[Delivery]) -> None:
    """Let each go in a mail of its own, so that one that cannot be written holds up no other."""
    for delivery in deliveries:
        session.execute(update(Delivery).where(Delivery.id == delivery.id).values(mail_id=delivery.id))


def give_up(session: Session, delivery_id: UUID, trouble: str) -> None:
    _settle(session, Delivery, delivery_id, state=FAILED, trouble=trouble)


def put_off(
    session: Session, model: type[Notice | Delivery], row_id: UUID, pause: timedelta, trouble: str, **values: Any
) -> None:
    """Try again after `pause`; `trouble` says why."""
    _settle(session, model, row_id, due_at=func.now() + pause, trouble=trouble, **values)


def _settle(session: Session, model: type[Notice | Delivery], *ids: UUID, **values: Any) -> None:
    waiting = update(model).where(model.id.in_(ids), model.state == WAITING)
    session.execute(waiting.values(**values), execution_options=UNSEEN)
