"""Notices (an event told to an audience), deliveries (a notice mailed to a person), and copies of others' names."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, MetaData, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import COLUMN_TYPES, NAMING
from shared.ids import new_id


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = COLUMN_TYPES


WAITING, ADDRESSED, SILENT, SENT, FAILED = "waiting", "addressed", "silent", "sent", "failed"
OVERTAKEN = "overtaken"
_IS_WAITING = text("state = 'waiting'")


class Waiting:
    """What is tried again until it works. `due_at` is real time by the database, never the movable clock."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(Text, default=WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    trouble: Mapped[str] = mapped_column(Text, default="")


class Notice(Waiting, Base):
    """state: waiting, addressed (its deliveries exist) or silent (a replayed event; nobody is told).

    `subject_id`: the booking, shift or association that the event is about; `title` what a shift (once that was asked)
    or an association is called.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event_id", "template", "audience"),
        Index("ix_notices_waiting", "due_at", postgresql_where=_IS_WAITING),
    )

    event_id: Mapped[str] = mapped_column(Text)
    event_type: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Delivery(Waiting, Base):
    """state: waiting, sent, failed or overtaken (no longer so, and sent to nobody).

    A person hears of an event in a template once, in however many roles. `mail_id`: the mail that it goes in, with
    whatever else has the same; given when it is first taken up, so that a mail sent again is the same mail.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "template", "person_id"),
        Index("ix_deliveries_waiting", "due_at", postgresql_where=_IS_WAITING),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey(Notice.id), index=True)
    event_id: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(index=True)
    mail_id: Mapped[UUID | None] = mapped_column(index=True)
    refusals: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


class TellsFrom(Base):
    """When this database came to be: what happened earlier reaches it as a replay, and is told to nobody again."""

    __tablename__ = "tells_from"

    since: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())


class Booking(Base):
    """A copy: who borrows, and what the lines are called. `lines`: {line id: {"name", "unit_name", "kind"}}."""

    __tablename__ = "bookings"

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    association_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    lines: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Association(Base):
    __tablename__ = "associations"

    association_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class Depot(Base):
    __tablename__ = "depots"

    depot_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    town: Mapped[str] = mapped_column(Text)


class Facility(Base):
    """A copy: which hall a half belongs to, since the hall's manager answers for its halves."""

    __tablename__ = "facilities"

    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None]


class Material(Base):
    """A copy: whether staff deliver it ("staff") or the borrower fetches it ("pickup")."""

    __tablename__ = "materials"

    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery: Mapped[str] = mapped_column(Text)
