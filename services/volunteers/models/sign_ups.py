"""Who takes part: sign-ups (a person, or a group, with so many places) and, once confirmed, a seat for each place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, select, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.volunteers.domain.signing import Party
from services.volunteers.models.base import Base
from shared.ids import new_id

WAITING, OFFERED, CONFIRMED = ("waiting", "offered", "confirmed")
DECLINED, LAPSED, CANCELLED, RELEASED = ("declined", "lapsed", "cancelled", "released")
ALIVE = (WAITING, OFFERED, CONFIRMED)

OWN, CHILD, NAMED, GUEST = ("own", "child", "named", "guest")
EXPECTED, PRESENT, LATE, ABSENT = ("expected", "present", "late", "absent")


def period(starts_at: datetime, ends_at: datetime) -> Range[datetime]:
    return Range(starts_at, ends_at, bounds="[)")


class SignUp(Base):
    """state: waiting, offered or confirmed; ended: declined, lapsed, cancelled (by oneself) or released (by others).

    `person_id` is who signed up: herself, or for an association (then `association_id`). `line_number` orders the
    line of the role; `offer_number` counts the offers, so that an old link opens no new one.
    `child_age`: in whole years on the day, of the child that comes along; nothing else is known of it.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        CheckConstraint("places BETWEEN 1 AND 50", name="places"),
        CheckConstraint(
            "state IN ('waiting', 'offered', 'confirmed', 'declined', 'lapsed', 'cancelled', 'released')", name="state"
        ),
        CheckConstraint("(state = 'offered') = (offer_until IS NOT NULL)", name="offer"),
        Index(
            "uq_sign_ups_alive",
            "shift_id",
            "person_id",
            unique=True,
            postgresql_where=text("association_id IS NULL AND state IN ('waiting', 'offered', 'confirmed')"),
        ),
        Index("ix_sign_ups_line", "role_id", "line_number", postgresql_where=text("state = 'waiting'")),
        Index("ix_sign_ups_offers", "offer_until", postgresql_where=text("state = 'offered'")),
        Index(None, "shift_id"),
        Index(None, "person_id", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"))
    person_id: Mapped[UUID]
    association_id: Mapped[UUID | None]
    places: Mapped[int] = mapped_column(default=1)
    child_age: Mapped[int | None]
    state: Mapped[str]
    line_number: Mapped[int | None]
    offer_number: Mapped[int] = mapped_column(default=0)
    offer_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_late: Mapped[bool] = mapped_column(default=False)
    ended_reason: Mapped[str] = mapped_column(Text, default="")  # what the person wrote; stays in here
    flags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # rules that a later change broke, by slug
    version: Mapped[int] = mapped_column(default=1)

    @property
    def party(self) -> Party:
        return Party(self.places, self.association_id, self.child_age)


class Seat(Base):
    """One place of a confirmed sign-up, and how it went. PostgreSQL lets nobody sit in two places at once.

    kind: own (who signed up), child (with an adult), named (of a group; person_id is given later) or guest (came
    without signing up). attendance: expected, present, late or absent. Not `active`: given up.
    """

    __tablename__ = "seats"
    __table_args__ = (
        CheckConstraint("NOT isempty(during)", name="during"),
        CheckConstraint("attendance IN ('expected', 'present', 'late', 'absent')", name="attendance"),
        ExcludeConstraint(
            ("person_id", "="),
            ("during", "&&"),
            using="gist",
            where=text("active AND person_id IS NOT NULL"),
            name="ex_seats_person_during",
        ),
        Index(None, "sign_up_id"),
        Index(None, "shift_id"),
        Index(None, "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sign_up_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_ups.id"))  # None: a guest without an account
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"))
    person_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(default=OWN)
    active: Mapped[bool] = mapped_column(default=True)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    attendance: Mapped[str] = mapped_column(default=EXPECTED)
    checked_in_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)  # 1: two days before, 2: on the day


_STILL_SIGNED_UP = (
    select(SignUp.id).where(SignUp.id == Seat.sign_up_id, SignUp.state == CONFIRMED).correlate(Seat).exists()
)

# Of the crew: who did not come gave the place up, but stays, unless the sign-up ended afterwards.
ON_THE_LIST = Seat.active | ((Seat.attendance == ABSENT) & (Seat.sign_up_id.is_(None) | _STILL_SIGNED_UP))


CAME = Seat.active & Seat.attendance.in_((PRESENT, LATE))


def has_arrived(session: Session, sign_up_id: UUID) -> bool:
    """Is she there, or one of her party or group?"""
    return bool(session.scalar(select(select(Seat.id).where(Seat.sign_up_id == sign_up_id, CAME).exists())))


class Swap(Base):
    """One gives her seat to another, or takes the other's in exchange. state: asked, agreed, declined or lapsed.

    `to_person_id` is NOBODY where nobody is known by the address that was asked, and there is no `in_exchange_id` where
    the other had no place on `in_exchange_shift_id`: who asks is told neither.
    """

    __tablename__ = "swaps"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'agreed', 'declined', 'lapsed')", name="state"),
        Index("uq_swaps_asked", "sign_up_id", unique=True, postgresql_where=text("state = 'asked'")),
        Index(None, "to_person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sign_up_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ups.id"))
    to_person_id: Mapped[UUID]
    in_exchange_shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shifts.id"))
    in_exchange_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_ups.id"))
    state: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Ask(Base):
    """Somebody was asked to help an understaffed shift: once."""

    __tablename__ = "asks"

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
