"""Hours that were given, from the check-in to the coordinator's yes; and each look at a telephone number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.volunteers.models.base import Base
from shared.ids import new_id


class Hours(Base):
    """The hours of one seat. state: proposed (from check-in), reported (by the volunteer), questioned or confirmed.

    `worked_at` is the shift's start; `decided_by` is None where the time was up and nobody had objected.
    """

    __tablename__ = "hours"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("state IN ('proposed', 'reported', 'questioned', 'confirmed')", name="state"),
        Index(None, "person_id", "worked_at"),
        Index(None, "shift_id"),
        Index("ix_hours_open", "updated_at", postgresql_where=text("state IN ('proposed', 'reported')")),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    person_id: Mapped[UUID]
    worked_at: Mapped[datetime]
    minutes: Mapped[int]
    proposed_minutes: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str]
    decided_by: Mapped[UUID | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class PhoneLook(Base):
    """Who looked at whose telephone number, for which shift, when."""

    __tablename__ = "phone_looks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    looked_by: Mapped[UUID]
    looked_at: Mapped[datetime]


class Feed(Base):
    """A calendar under an address that nobody can guess. kind: person, area, organiser or cause; `subject` names it.

    Only the address' hash is kept: who reads the table cannot read the calendars.
    """

    __tablename__ = "feeds"
    __table_args__ = (CheckConstraint("kind IN ('person', 'area', 'organiser', 'cause')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    hash: Mapped[bytes] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    language: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(index=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
