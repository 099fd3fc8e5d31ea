"""What volunteers must know of people and places: ids and proofs, no names. Most are copies of others' facts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.volunteers.models.base import Base


class Volunteer(Base):
    """Somebody who signed up, or was named, at least once.

    `born_on` is what was said last of her birth date, for the rules on age; accounts knows it. `unsure_since` until
    accounts was asked whether that is still so.
    """

    __tablename__ = "volunteers"
    __table_args__ = (Index("ix_volunteers_unsure", "person_id", postgresql_where=text("unsure_since IS NOT NULL")),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    born_on: Mapped[date | None]
    may_be_asked: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    unsure_since: Mapped[datetime | None] = mapped_column(server_default=func.now())


class Qualification(Base):
    """A copy: a course, licence, language or declaration of a person, and the last day it is good for."""

    __tablename__ = "qualifications"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    qualification: Mapped[str] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]


class Membership(Base):
    """A copy: who has a role in which association."""

    __tablename__ = "memberships"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    association_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Association(Base):
    __tablename__ = "associations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    active: Mapped[bool]


class Place(Base):
    """Where work is done. A place named like its area is the area's own; coordinates (WGS 84) tell the way between."""

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class SchoolHoliday(Base):
    """Both days included."""

    __tablename__ = "school_holidays"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
