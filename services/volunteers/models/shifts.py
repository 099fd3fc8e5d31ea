"""Shifts with their roles, the series that they came from, and the templates that they start from."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from services.volunteers.models.base import Base
from shared.ids import new_id

DRAFT, PUBLISHED, CLOSED, HELD, CANCELLED = ("draft", "published", "closed", "held", "cancelled")
ALL, ASSOCIATION, CAUSE = ("all", "association", "cause")


class Template(Base):
    """A shift to start from. `content` is a plan row without its day (see domain.plans.Row)."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("organiser_id", "name", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    organiser_id: Mapped[UUID | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)


class Series(Base):
    """The rule behind repeated shifts, in Danish wall time: 17.30 stays 17.30. The shifts are rows of their own."""

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    weekdays: Mapped[list[int]] = mapped_column(JSONB)  # 0 is Monday
    every_weeks: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    in_school_holidays: Mapped[str]  # also, not or only
    on_public_holidays: Mapped[bool]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]


_AHEAD = text("state IN ('published', 'closed')")  # what is over is held within a minute


class Shift(Base):
    """One stretch of work. `sequence` counts what a calendar must know of (time, place, title, cancelled)."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="period"),
        CheckConstraint("state IN ('draft', 'published', 'closed', 'held', 'cancelled')", name="state"),
        CheckConstraint("(audience = 'all') = (audience_id IS NULL)", name="audience"),
        Index("ix_shifts_open", "starts_at", "id", postgresql_where=text("state = 'published'")),
        Index("ix_shifts_starts_at", "starts_at"),
        Index("ix_shifts_areas_ahead", "area", postgresql_where=_AHEAD),
        Index("ix_shifts_causes_ahead", "cause_id", "cause", postgresql_where=_AHEAD),
        Index("ix_shifts_organisers_ahead", "organiser_id", "organiser", postgresql_where=_AHEAD),
        Index(None, "series_id"),
        Index(None, "organiser_id", "starts_at"),
        Index(None, "cause_id", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    title: Mapped[str]
    description: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str]
    area: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minimum_age: Mapped[int] = mapped_column(default=0)
    children_welcome: Mapped[bool] = mapped_column(default=True, server_default=true())  # along with an adult
    child_minimum_age: Mapped[int] = mapped_column(default=0, server_default="0")  # of those
    organiser: Mapped[str]  # who answers for it by law, as it calls itself
    organiser_id: Mapped[UUID | None]  # where the organiser is an association that we know
    insurance: Mapped[str]  # as the organiser states it; never worked out by us
    contact_id: Mapped[UUID | None]
    contact_name: Mapped[str] = mapped_column(Text, default="", server_default="")  # as the organiser writes it,
    contact_phone: Mapped[str] = mapped_column(Text, default="", server_default="")  # not the person's own record
    contact_email: Mapped[str] = mapped_column(Text, default="", server_default="")
    meeting_point: Mapped[str] = mapped_column(Text, default="")
    bring: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(default=ALL)
    audience_id: Mapped[UUID | None]
    cause_id: Mapped[UUID | None]
    cause: Mapped[str] = mapped_column(default="")
    check_hours: Mapped[int] = mapped_column(default=48)  # so long before the start the crew is counted
    checked_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=DRAFT)
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list[Role]] = relationship(order_by="Role.position", cascade="all, delete-orphan")


class Role(Base):
    """What one does on a shift. The counters change under the shift's lock, in the transaction that they count.

    taken: places confirmed or offered, which PostgreSQL keeps within the capacity. waiting: sign-ups in line.
    last_in_line: the last number given in the line.
    """

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 1 AND 500", name="capacity"),
        CheckConstraint("minimum BETWEEN 0 AND capacity", name="minimum"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint("waiting >= 0", name="waiting"),
        Index(None, "shift_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    capacity: Mapped[int]
    minimum: Mapped[int]
    requirements: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    last_in_line: Mapped[int] = mapped_column(default=0)

    @property
    def free(self) -> int:
        return self.capacity - self.taken


WITH_ROLES = selectinload(Shift.roles)
