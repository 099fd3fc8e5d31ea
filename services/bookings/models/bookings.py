"""Bookings with their lines and their history: the promises, kept for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Sequence, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from services.bookings.domain.rights import manages, owns
from services.bookings.domain.states import (
    CONFIRMED,
    CONSUMABLE,
    REFUSED,
    WAITING,
    Progress,
    booking_state,
    can_still_change,
)
from services.bookings.models.base import Base
from services.bookings.models.resources import Resource
from shared.actors import Actor
from shared.ids import new_id

NUMBERS = Sequence("booking_numbers", metadata=Base.metadata)


class Booking(Base):
    """One request with many lines. `starts_at` and `ends_at` span all lines."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="period"),
        Index(None, "person_id"),
        Index(None, "association_id"),
        Index(None, "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID]
    association_id: Mapped[UUID | None]
    purpose: Mapped[str]
    open_to_all: Mapped[bool]
    place_of_use: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str]
    overdue: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list[Line]] = relationship(back_populates="booking", order_by="Line.position")
    history: Mapped[list[Happening]] = relationship(order_by="Happening.id", lazy="raise")

    @property
    def at_risk(self) -> bool:
        return any(line.short_by for line in self.lines)

    @property
    def can_be_cancelled(self) -> bool:
        return can_still_change(self.state) and not any(line.touched for line in self.lines)

    def is_owned_by(self, actor: Actor) -> bool:
        return owns(actor, self.person_id, self.association_id)

    def may_be_seen_by(self, actor: Actor) -> bool:
        return self.is_owned_by(actor) or any(line.is_managed_by(actor) for line in self.lines)

    def changed(self) -> None:
        """Call once in each change, after it: a new version, and the state that follows from the lines."""
        self.version += 1
        self.state = booking_state([line.progress for line in self.lines])


class Line(Base):
    """One thing in a booking. `ready_at` is when the next borrower may have it: return and preparation."""

    __tablename__ = "booking_lines"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="period"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "booking_id"),
        Index(None, "resource_id"),
        Index("ix_booking_lines_waiting", "resource_id", postgresql_where=text("state = 'waiting'")),
        Index("ix_booking_lines_short", "resource_id", postgresql_where=text("short_by > 0")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"))
    position: Mapped[int]
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    kind: Mapped[str]
    name: Mapped[str]
    unit_name: Mapped[str]
    depot_id: Mapped[UUID | None]
    quantity: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ready_at: Mapped[datetime]
    state: Mapped[str]
    needs_approval: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    short_by: Mapped[int] = mapped_column(default=0)
    alternatives: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    handed_out: Mapped[int] = mapped_column(default=0)
    hand_out_complete: Mapped[bool] = mapped_column(default=False)
    broken_at_hand_out: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    broken: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    left_stock: Mapped[int] = mapped_column(default=0)  # consumed, broken or missing, as the stock tells

    booking: Mapped[Booking] = relationship(back_populates="lines")
    resource: Mapped[Resource] = relationship(viewonly=True, lazy="raise")

    @property
    def progress(self) -> Progress:
        back = self.returned + self.broken + self.missing
        return Progress(self.state, self.kind, self.handed_out, back, self.missing, self.hand_out_complete)

    @property
    def is_active(self) -> bool:
        return self.state in (WAITING, CONFIRMED)

    @property
    def out(self) -> int:
        """How many are with the borrower now."""
        return self.progress.out

    @property
    def to_come(self) -> int:
        """How many are still to be handed out."""
        if self.hand_out_complete or not self.is_active:
            return 0
        return max(0, self.quantity - self.handed_out)

    @property
    def held(self) -> tuple[int, int]:
        """How many others cannot have: those that are out, and those still kept for this line.

        What is consumed, broken or missing leaves the stock by another event than the handover's. Whichever comes
        first, the line holds what the stock still counts, so that nobody is short for a moment, nor too well off.
        """
        lost = self.handed_out if self.kind == CONSUMABLE else self.broken + self.missing
        kept = self.to_come + self.broken_at_hand_out + lost - self.left_stock
        return max(0, self.out + min(0, kept)), max(0, kept)

    @property
    def touched(self) -> bool:
        return bool(self.handed_out or self.hand_out_complete or self.broken_at_hand_out)

    def can_be_reduced(self, now: datetime) -> bool:
        return self.is_active and not self.touched and self.ends_at > now

    def is_managed_by(self, actor: Actor) -> bool:
        facilities = [facility for facility in (self.resource_id, self.resource.parent_id) if facility]
        return manages(actor, self.kind, self.depot_id, facilities)

    def decide(self, approve: bool, reason: str, by: UUID | None, now: datetime) -> None:
        self.state = CONFIRMED if approve else REFUSED
        self.reason, self.decided_by, self.decided_at = reason, by, now


class Handover(Base):
    """A depot has a pick list for the booking. No foreign key: whoever tells us of it may be ahead of us."""

    __tablename__ = "handovers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(index=True)
    depot_id: Mapped[UUID]


class Happening(Base):
    """What happened to a booking, for its readers. `what` is a slug; `person_id` is None for the system."""

    __tablename__ = "booking_history"
    __table_args__ = (Index(None, "booking_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"))
    at: Mapped[datetime]
    what: Mapped[str]
    person_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(default="")
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


WITH_LINES = selectinload(Booking.lines).joinedload(Line.resource)
