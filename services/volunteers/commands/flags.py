"""Who is in and no longer fits (a proof runs out, a membership ended, the shift changed) is flagged and told: once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.loading import FRESH, locked_shift
from services.volunteers.domain.signing import reasons_against_staying
from services.volunteers.models import WITH_ROLES, Seat, Shift, SignUp
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.shifts import CLOSED, PUBLISHED
from services.volunteers.models.sign_ups import CONFIRMED
from shared.contracts.volunteers import SignUpFlagged
from shared.messaging import record

LOOKED_AT = timedelta(days=7)

Broken = dict[UUID, set[str]]  # the rules that a person breaks, by slug


def outdated(session: Session, now: datetime) -> list[UUID]:
    """Shifts of the next week where the flags are not what they should be."""
    soon = select(Shift).where(
        Shift.state.in_((PUBLISHED, CLOSED)), Shift.starts_at > now, Shift.starts_at <= now + LOOKED_AT
    )
    shifts = session.scalars(soon.options(WITH_ROLES)).all()
    broken = _broken(session, shifts)
    flagged = session.execute(
        select(SignUp.id, SignUp.shift_id, SignUp.flags).where(
            SignUp.shift_id.in_([shift.id for shift in shifts]), SignUp.state == CONFIRMED
        )
    )
    return sorted({shift_id for sign_up_id, shift_id, flags in flagged if set(flags) != _rules(broken, sign_up_id)})


def recheck(session: Session, shift_id: UUID, now: datetime) -> None:
    shift = locked_shift(session, shift_id)
    if shift.state in (PUBLISHED, CLOSED) and shift.starts_at > now:
        refresh(session, shift)


def refresh(session: Session, shift: Shift) -> None:
    """Write the flags of everybody who is in, and tell of those that are new. The caller holds the shift's lock."""
    session.flush()
    broken = _broken(session, [shift])
    confirmed = select(SignUp).where(SignUp.shift_id == shift.id, SignUp.state == CONFIRMED)
    for sign_up in session.scalars(confirmed, execution_options=FRESH).all():
        rules = _rules(broken, sign_up.id)
        if rules == set(sign_up.flags):
            continue
        new = rules - set(sign_up.flags)
        sign_up.flags = sorted(rules)
        sign_up.version += 1
        if new:
            people = [person_id for person_id, of_hers in broken[sign_up.id].items() if of_hers & new]
            record(
                session,
                SignUpFlagged(
                    shift_id=shift.id,
                    sign_up_id=sign_up.id,
                    person_ids=tuple(sorted(people)),
                    rules=tuple(sorted(new)),
                ),
            )


def _rules(broken: Mapping[UUID, Broken], sign_up_id: UUID) -> set[str]:
    return set().union(*broken.get(sign_up_id, {}).values())


def _broken(session: Session, shifts: Sequence[Shift]) -> dict[UUID, Broken]:
    """By sign-up and person, where there is anything."""
    if not shifts:
        return {}
    rows = session.execute(
        select(SignUp, Seat.person_id)
        .join(Seat, Seat.sign_up_id == SignUp.id)
        .where(Seat.shift_id.in_([shift.id for shift in shifts]), Seat.active, Seat.person_id.is_not(None))
    )
    seats = [(sign_up, person_id) for sign_up, person_id in rows if person_id]
    begins, ends = min(shift.starts_at for shift in shifts), max(shift.ends_at for shift in shifts)
    facts = facts_of(session, {person_id for _, person_id in seats}, begins, ends)
    asked = {role.id: wanted(session, shift, role) for shift in shifts for role in shift.roles}
    found: dict[UUID, Broken] = defaultdict(dict)
    for sign_up, person_id in seats:
        against = reasons_against_staying(asked[sign_up.role_id], facts[person_id], sign_up.party)
        if slugs := {reason.slug for reason in against}:
            found[sign_up.id][person_id] = slugs
    return found
