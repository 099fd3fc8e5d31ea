"""Whether parties fit a role now: the same rules for newcomers, for those in line and for who holds an offer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Facts, Wanted
from services.volunteers.domain.signing import reasons_against_party
from services.volunteers.domain.travel import REACH
from services.volunteers.models import Role, Shift, SignUp
from services.volunteers.models.facts import facts_of, wanted
from shared.errors import Kind, Reason, Refusal, refuse_if


def reasons_against(session: Session, shift: Shift, role: Role, sign_ups: Sequence[SignUp]) -> dict[UUID, list[Reason]]:
    """By sign-up: all reasons against it, whether places are free or not."""
    asked = wanted(session, shift, role)
    facts = facts_about(session, asked, {sign_up.person_id for sign_up in sign_ups})
    return {
        sign_up.id: reasons_against_party(asked, role.capacity, sign_up.party, facts[sign_up.person_id])
        for sign_up in sign_ups
    }


def facts_about(
    session: Session, asked: Wanted, people: Collection[UUID], born: Mapping[UUID, date | None] | None = None
) -> dict[UUID, Facts]:
    """With what they do shortly before and after, for the way between."""
    return facts_of(session, people, asked.starts_at - REACH, asked.ends_at + REACH, born, [asked])


def refuse_unfit(session: Session, shift: Shift, role: Role, sign_up: SignUp) -> None:
    """Raises Refusal (409) with all reasons."""
    refuse_if(reasons_against(session, shift, role, [sign_up])[sign_up.id], Kind.CONFLICT, "not-eligible")


def seated_elsewhere(session: Session, shift: Shift, role: Role, sign_up: SignUp, otherwise: Reason) -> Refusal:
    """Why PostgreSQL did not seat her: what she took between our look and our write."""
    reasons = reasons_against(session, shift, role, [sign_up])[sign_up.id]
    return Refusal(Kind.CONFLICT, "not-eligible", reasons or [otherwise])
