"""Tables of accounts. Names, addresses and passwords of people are here and nowhere else."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Select,
    UniqueConstraint,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from shared.actors import MEMBER, MEMBER_ROLES
from shared.db import COLUMN_TYPES, NAMING

IS_MEMBER_ROLE = f"role IN {MEMBER_ROLES}"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = COLUMN_TYPES


class Person(Base):
    """Somebody who can log in. Without a password hash nobody can, until a way in is given."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("language IN ('da', 'en')", name="language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # in lower case, see domain.email_address
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="da")
    phone: Mapped[str] = mapped_column(default="")
    born_on: Mapped[date | None]
    password_hash: Mapped[str | None]
    registered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list[Membership]] = relationship(order_by="Membership.role", viewonly=True)
    staff_roles: Mapped[list[StaffRoleHeld]] = relationship(order_by="StaffRoleHeld.role", viewonly=True)


class Association(Base):
    __tablename__ = "associations"
    __table_args__ = (CheckConstraint("cvr ~ '^[0-9]{8}$'", name="cvr"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    cvr: Mapped[str | None]
    adult_education_act: Mapped[bool]
    town: Mapped[str]
    target_group: Mapped[str]
    members_under_25: Mapped[int]
    members_over_25: Mapped[int]
    approved_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Membership(Base):
    """One role of one person in one association. A plain member has no other; she may act for it in no way."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("association_id", "person_id", "role"),
        CheckConstraint(IS_MEMBER_ROLE, name="role"),
        Index("ix_memberships_person_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    association_id: Mapped[UUID] = mapped_column(ForeignKey("associations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str]
    granted_at: Mapped[datetime]

    association: Mapped[Association] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True)


class Invitation(Base):
    """An association asks whoever has (or will have) this e-mail. Gone once answered, withdrawn or too old."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("association_id", "email"), CheckConstraint(IS_MEMBER_ROLE, name="role"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    association_id: Mapped[UUID] = mapped_column(ForeignKey("associations.id"))
    email: Mapped[str] = mapped_column(index=True)  # as in Person
    role: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    association: Mapped[Association] = relationship(viewonly=True)


def open_invitations(now: datetime) -> Select[Invitation]:
    return select(Invitation).where(Invitation.expires_at > now)


def is_news_to_person() -> ColumnElement[bool]:
    """Of an Invitation and the Person invited: she has not as much already. Any role is as much as a member's."""
    has_as_much = or_(Membership.role == Invitation.role, Invitation.role == MEMBER)
    held = exists().where(Membership.association_id == Invitation.association_id, Membership.person_id == Person.id)
    return ~held.where(has_as_much)


class StaffRoleHeld(Base):
    """A staff role over one depot, one facility, or (scope_id NULL) the whole municipality."""

    __tablename__ = "staff_roles"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope_kind", "scope_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("(scope_id IS NULL) = (scope_kind = 'municipality')", name="scope"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[UUID | None]
    granted_at: Mapped[datetime]

    person: Mapped[Person] = relationship(viewonly=True)


class Qualification(Base):
    """A proof as somebody declared it: no document and no number is kept. Good until and with `valid_until`."""

    __tablename__ = "qualifications"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    qualification: Mapped[str] = mapped_column(primary_key=True)  # a slug of shared.qualifications
    valid_until: Mapped[date | None]
    declared_on: Mapped[date]
    declared_by: Mapped[UUID]


class LogInSession(Base):
    """From log-in to log-out. All refresh tokens of a session die with it."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class RefreshToken(Base):
    """Kept as a hash: who reads the table cannot log in. A used one is kept, so that a second use is noticed."""

    __tablename__ = "refresh_tokens"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LogInAttempt(Base):
    """Log-ins that did not succeed (yet). E-mails are hashed: what people mistype is nobody's business."""

    __tablename__ = "log_in_attempts"
    __table_args__ = (Index("ix_log_in_attempts_email_hash", "email_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email_hash: Mapped[bytes]
    address: Mapped[str]
    attempted_at: Mapped[datetime] = mapped_column(index=True)
