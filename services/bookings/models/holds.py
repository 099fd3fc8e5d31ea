"""Who has what when: only what counts from now on, so that "is it free?" costs the same in ten years.

Materials are counted in quantity_holds; numbered units and facilities have a seat of their own in unit_holds besides,
where PostgreSQL itself lets no two overlap. A whole hall sits on itself and on each of its parts.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.bookings.models.base import Base
from shared.ids import new_id

# What a hold stands for. Only what is promised can be moved or turn out short; the rest is a fact.
PROMISED, OUT, PREPARING = ("promised", "out", "preparing")


def period(starts_at: datetime, ends_at: datetime | None) -> Range[datetime]:
    """Half-open; None means until further notice."""
    return Range(starts_at, ends_at, bounds="[)")


class QuantityHold(Base):
    """So many of a material are not free during this time."""

    __tablename__ = "quantity_holds"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT isempty(during)", name="during"),
        Index("ix_quantity_holds_during", "resource_id", "during", postgresql_using="gist"),
        Index(None, "line_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("booking_lines.id"))
    resource_id: Mapped[UUID]
    quantity: Mapped[int]
    stage: Mapped[str]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class UnitHold(Base):
    """This very unit, or facility, is taken during this time."""

    __tablename__ = "unit_holds"
    __table_args__ = (
        CheckConstraint("NOT isempty(during)", name="during"),
        ExcludeConstraint(("unit_id", "="), ("during", "&&"), using="gist", name="ex_unit_holds_during"),
        Index(None, "line_id"),
        Index(None, "resource_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("booking_lines.id"))
    resource_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    stage: Mapped[str]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
