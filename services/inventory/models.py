"""What the municipality owns and lends, where each piece is, and every step at the depots' desks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Select,
    UniqueConstraint,
    Uuid,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship

from services.inventory.domain.handovers import TO_FETCH, LineCount
from services.inventory.domain.stock import Stock
from shared.db import COLUMN_TYPES, NAMING
from shared.ids import new_id


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = COLUMN_TYPES


class Depot(Base):
    __tablename__ = "depots"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    opening_hours: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    closed_on: Mapped[list[date]] = mapped_column(ARRAY(Date), default=list)
    version: Mapped[int] = mapped_column(default=1)


class Association(Base):
    """A copy of what accounts tells: its name, for the depot's lists."""

    __tablename__ = "associations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class Material(Base):
    """Something to lend or hand out. kind: pool, numbered or consumable. Its stock changes under this row's lock."""

    __tablename__ = "materials"
    __table_args__ = (
        CheckConstraint("broken >= 0 AND missing >= 0 AND consumed >= 0 AND out >= 0", name="counts_not_negative"),
        CheckConstraint("owned - broken - missing - consumed >= out", name="out_within_total"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    depot_id: Mapped[UUID] = mapped_column(ForeignKey("depots.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    picture: Mapped[str]
    unit_name: Mapped[str]
    owned: Mapped[int] = mapped_column(default=0)
    broken: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    consumed: Mapped[int] = mapped_column(default=0)
    out: Mapped[int] = mapped_column(default=0)
    preparation_days: Mapped[int]
    requirement: Mapped[str]
    delivery: Mapped[str]
    value_ore: Mapped[int]
    needs_approval: Mapped[bool]
    lead_time_hours: Mapped[int]
    longest_loan_days: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    depot: Mapped[Depot] = relationship(lazy="joined", innerjoin=True)
    units: Mapped[list[Unit]] = relationship(order_by="Unit.number", back_populates="material")

    @property
    def stock(self) -> Stock:
        return Stock(self.owned, self.broken, self.missing, self.consumed, self.out)

    @stock.setter
    def stock(self, stock: Stock) -> None:
        self.owned, self.broken, self.missing = stock.owned, stock.broken, stock.missing
        self.consumed, self.out = stock.consumed, stock.out

    @property
    def total(self) -> int:
        return self.stock.total

    @property
    def depot_name(self) -> str:
        return self.depot.name

    @property
    def is_numbered(self) -> bool:
        return self.kind == "numbered"

    @property
    def is_consumable(self) -> bool:
        return self.kind == "consumable"


class Unit(Base):
    """A numbered unit. state: usable, broken, missing or retired; `line_id` says with which loan it is out."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("material_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    material_id: Mapped[UUID] = mapped_column(ForeignKey("materials.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="usable")
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("handover_lines.id"), index=True)

    material: Mapped[Material] = relationship(back_populates="units")

    @property
    def on_shelf(self) -> bool:
        return self.state == "usable" and self.line_id is None


class Facility(Base):
    """A hall, a room or a place. A part names its whole in `parent_id`; a part has no parts of its own."""

    __tablename__ = "facilities"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    picture: Mapped[str]
    town: Mapped[str]
    owner: Mapped[str]
    capacity: Mapped[int]
    accessible: Mapped[bool]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("facilities.id"), index=True)
    opening_hours: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    needs_approval: Mapped[bool]
    lead_time_hours: Mapped[int]
    longest_loan_days: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    parts: Mapped[list[Facility]] = relationship(order_by="Facility.name", back_populates="parent")
    parent: Mapped[Facility | None] = relationship(remote_side=[id], back_populates="parts")


class StockMovement(Base):
    """The ledger: all changes of a material's total, whose sum it is. Nothing here is ever changed."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        Index("ix_stock_movements_material_id_id", "material_id", "id"),
        CheckConstraint("change <> 0", name="change_not_zero"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    material_id: Mapped[UUID] = mapped_column(ForeignKey("materials.id"))
    at: Mapped[datetime]
    change: Mapped[int]
    cause: Mapped[str]
    reason: Mapped[str]
    staff_id: Mapped[UUID | None]
    handover_id: Mapped[UUID | None] = mapped_column(ForeignKey("handovers.id"))


class Handover(Base):
    """One booking's visit to one depot's desk, out and in. state: see domain.handovers.state_of, or cancelled."""

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("booking_id", "depot_id"),
        Index("ix_handovers_depot_id_state_starts_at", "depot_id", "state", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID]
    depot_id: Mapped[UUID] = mapped_column(ForeignKey("depots.id"))
    number: Mapped[str]
    person_id: Mapped[UUID]
    association_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="planned")
    hand_out_complete: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    depot: Mapped[Depot] = relationship()
    lines: Mapped[list[HandoverLine]] = relationship(order_by="HandoverLine.position", back_populates="handover")
    steps: Mapped[list[HandoverStep]] = relationship(order_by="HandoverStep.id")
    # Accounts' event may come later than the booking's, so no foreign key holds the two together.
    association: Mapped[Association | None] = relationship(
        primaryjoin=lambda: foreign(Handover.association_id) == Association.id, viewonly=True
    )


def set_aside_for_others(handover: Handover) -> Select[list[UUID], str]:
    """Units that other loans at the same time are still to fetch, with those bookings' numbers."""
    return (
        select(HandoverLine.unit_ids, Handover.number)
        .join(Handover, HandoverLine.handover_id == Handover.id)
        .where(
            Handover.depot_id == handover.depot_id,
            Handover.id != handover.id,
            Handover.state.in_(TO_FETCH),
            Handover.starts_at < handover.ends_at,
            Handover.ends_at > handover.starts_at,
            HandoverLine.unit_ids != [],
            HandoverLine.handed_out + HandoverLine.broken_at_hand_out < HandoverLine.quantity,
        )
    )


class HandoverLine(Base):
    """What was ordered of one material, and what became of it. `unit_ids` are the units set aside."""

    __tablename__ = "handover_lines"
    __table_args__ = (CheckConstraint("returned + broken + missing <= handed_out", name="back_within_handed_out"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handovers.id"), index=True)
    booking_line_id: Mapped[UUID] = mapped_column(unique=True)
    material_id: Mapped[UUID] = mapped_column(ForeignKey("materials.id"))
    position: Mapped[int]
    quantity: Mapped[int]
    handed_out: Mapped[int] = mapped_column(default=0)
    broken_at_hand_out: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    broken: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)

    handover: Mapped[Handover] = relationship(back_populates="lines")
    material: Mapped[Material] = relationship()

    @property
    def count(self) -> LineCount:
        return LineCount(
            ordered=self.quantity,
            returnable=not self.material.is_consumable,
            handed_out=self.handed_out,
            broken_at_hand_out=self.broken_at_hand_out,
            back=self.returned + self.broken + self.missing,
        )


class HandoverStep(Base):
    """One visit: who of the staff did it, when, and what was said. kind: hand-out or return."""

    __tablename__ = "handover_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handovers.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    staff_id: Mapped[UUID]
    note: Mapped[str]

    handover: Mapped[Handover] = relationship(viewonly=True)
    lines: Mapped[list[StepLine]] = relationship(back_populates="step")


class StepLine(Base):
    """What a step did to one line. Broken or missing ones make it a line of the shortage report."""

    __tablename__ = "step_lines"
    __table_args__ = (
        Index("ix_step_lines_shortages", "id", postgresql_where=text("broken > 0 OR missing > 0")),
        CheckConstraint("quantity >= 0 AND broken >= 0 AND missing >= 0", name="counts_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    step_id: Mapped[UUID] = mapped_column(ForeignKey("handover_steps.id"), index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("handover_lines.id"))
    quantity: Mapped[int]
    broken: Mapped[int]
    missing: Mapped[int]
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    note: Mapped[str] = mapped_column(default="")

    step: Mapped[HandoverStep] = relationship(back_populates="lines")
    line: Mapped[HandoverLine] = relationship()
