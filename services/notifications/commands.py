"""The only writers: what is to be told, to whom, and what became of it. None of them commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.domain import Audience
from services.notifications.models import ADDRESSED, FAILED, SENT, SILENT, WAITING, Delivery, Notice, TellsFrom
from shared import clock
from shared.contracts.base import Event
from shared.ids import made_at, new_id
from shared.messaging.context import origin

W = TypeVar("W", Notice, Delivery)


def tell(session: Session, event: Any, template: str, *audiences: Audience) -> None:
    """Note that each audience is to hear of `event`, which names a booking_id. A second time changes nothing."""
    event_id = origin().causation_id
    state = SILENT if _is_replayed(session, event_id) else WAITING
    for audience in audiences:
        session.execute(
            insert(Notice)
            .values(
                id=new_id(),
                event_id=event_id,
                event_type=event.event_type,
                template=template,
                audience=str(audience),
                booking_id=event.booking_id,
                at=clock.now(),
                payload=event.to_payload(),
                state=state,
                tries=0,
                trouble="",
            )
            .on_conflict_do_nothing()
        )


def _is_replayed(session: Session, event_id: str) -> bool:
    """True for an event older than this database: it comes from a log read anew, and was told in its time."""
    try:
        made = made_at(UUID(event_id))
    except ValueError:
        return False
    since: datetime | None = session.scalar(select(TellsFrom.since))
    return made is not None and since is not None and made < since


def keep_copy(session: Session, model: Any, event: Event, **values: Any) -> None:
    """Insert or refresh the local copy of what `event` tells; its columns are the event's fields of these names."""
    columns = model.__table__.columns.keys()
    values = {name: getattr(event, name) for name in columns if name not in values} | values
    key = [column.name for column in model.__table__.primary_key]
    session.execute(insert(model).values(values).on_conflict_do_update(index_elements=key, set_=values))


def claim(session: Session, model: type[W], most: int, lease: timedelta) -> Sequence[W]:
    """Take up to `most` that are due; nobody else takes them within `lease`, after which they are due again."""
    ids = session.scalars(
        select(model.id)
        .where(model.state == WAITING, model.due_at <= func.now())
        .order_by(model.due_at, model.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    session.execute(update(model).where(model.id.in_(ids)).values(due_at=func.now() + lease, tries=model.tries + 1))
    return session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)).all()


def address(session: Session, notice: Notice, people: Iterable[UUID]) -> None:
    """Make one delivery per person, unless she hears of this event in this template already."""
    for person_id in people:
        session.execute(
            insert(Delivery)
            .values(
                id=new_id(),
                notice_id=notice.id,
                event_id=notice.event_id,
                template=notice.template,
                person_id=person_id,
                state=WAITING,
                tries=0,
                trouble="",
                refusals=0,
            )
            .on_conflict_do_nothing()
        )
    _settle(session, Notice, notice.id, state=ADDRESSED, trouble="")


def mark_sent(session: Session, delivery_id: UUID) -> None:
    _settle(session, Delivery, delivery_id, state=SENT, sent_at=clock.now(), trouble="")


def give_up(session: Session, delivery_id: UUID, trouble: str) -> None:
    _settle(session, Delivery, delivery_id, state=FAILED, trouble=trouble)


def put_off(
    session: Session, model: type[Notice | Delivery], row_id: UUID, pause: timedelta, trouble: str, **values: Any
) -> None:
    """Try again after `pause`; `trouble` says why."""
    _settle(session, model, row_id, due_at=func.now() + pause, trouble=trouble, **values)


def _settle(session: Session, model: type[Notice | Delivery], row_id: UUID, **values: Any) -> None:
    session.execute(update(model).where(model.id == row_id, model.state == WAITING).values(**values))
