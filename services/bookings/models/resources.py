"""Our copy of what inventory and accounts tell: what can be booked, where it is fetched, who borrows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.bookings.models.base import Base

OpeningHours = list[dict[str, Any]]  # [{"weekday": 0, "opens": "07:00", "closes": "15:00"}], Danish wall times


class Depot(Base):
    __tablename__ = "depots"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    opening_hours: Mapped[OpeningHours] = mapped_column(JSONB)
    closed_on: Mapped[list[date]] = mapped_column(ARRAY(Date))


class Resource(Base):
    """A material (pool, numbered, consumable) or a facility. Its row is locked by whoever decides about it."""

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("kind IN ('pool', 'numbered', 'consumable', 'facility')", name="kind"),
        Index(None, "category"),
        Index(None, "parent_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    town: Mapped[str] = mapped_column(default="")
    # No foreign key: the depot's event may come after the material's.
    depot_id: Mapped[UUID | None]
    unit_name: Mapped[str] = mapped_column(default="")
    total: Mapped[int] = mapped_column(default=1)
    preparation_days: Mapped[int] = mapped_column(default=0)
    delivery: Mapped[str] = mapped_column(default="")
    requirement: Mapped[str] = mapped_column(default="")
    needs_approval: Mapped[bool]
    lead_time_hours: Mapped[int]
    longest_loan_days: Mapped[int | None]
    owner: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int] = mapped_column(default=0)
    accessible: Mapped[bool] = mapped_column(default=False)
    opening_hours: Mapped[OpeningHours] = mapped_column(JSONB, default=list)
    parent_id: Mapped[UUID | None]
    picture: Mapped[str] = mapped_column(default="")
    active: Mapped[bool]

    depot: Mapped[Depot | None] = relationship(
        primaryjoin="foreign(Resource.depot_id) == Depot.id", viewonly=True, lazy="raise"
    )
    parts: Mapped[list[Resource]] = relationship(
        primaryjoin="Resource.id == foreign(remote(Resource.parent_id))",
        order_by="Resource.name",
        viewonly=True,
        lazy="raise",
    )
    parent: Mapped[Resource | None] = relationship(
        primaryjoin="foreign(Resource.parent_id) == remote(Resource.id)", viewonly=True, lazy="raise"
    )

    @property
    def place(self) -> str:
        return self.depot.town if self.depot else self.town


class Unit(Base):
    """A numbered unit that can be lent."""

    __tablename__ = "units"
    __table_args__ = (Index(None, "resource_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID]
    number: Mapped[int]


class Association(Base):
    __tablename__ = "associations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    active: Mapped[bool]
