"""Who looks at shifts: what the rules know of her, and how she is in them already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CompoundSelect, Uuid, any_, bindparam, select, union_all
from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Engagement, Facts, Wanted
from services.volunteers.domain.signing import ALREADY, Party, reasons_against_party
from services.volunteers.domain.travel import REACH
from services.volunteers.models import Seat, SignUp
from services.volunteers.models.facts import facts_of
from services.volunteers.models.line import positions
from services.volunteers.models.sign_ups import ALIVE, WAITING
from shared.actors import Actor
from shared.errors import Reason

# Built once. From what is hers to the shifts: a popular shift may have hundreds of sign-ups.
_WHO = bindparam("who", type_=Uuid())
_HERS: CompoundSelect[Any] = union_all(
    select(SignUp.id).where(SignUp.person_id == _WHO, SignUp.association_id.is_(None)),
    select(Seat.sign_up_id).where(Seat.person_id == _WHO, Seat.active),
)
_ALIVE = (
    select(SignUp)
    .where(SignUp.shift_id == any_(bindparam("shift_ids", type_=ARRAY(Uuid))), SignUp.state.in_(ALIVE))
    .order_by(SignUp.association_id.is_not(None).desc(), SignUp.made_at)  # her own one last: it wins
)
_OF_PERSON = _ALIVE.where(SignUp.id.in_(_HERS))
_OF_ASSOCIATION = _ALIVE.where(SignUp.association_id == _WHO)


@dataclass(frozen=True)
class Reader:
    """`facts` is None for who is not signed in: rules about one person say nothing then."""

    actor: Actor | None
    facts: Facts | None

    def reasons_against(self, wanted: Wanted, capacity: int) -> list[Reason]:
        """That she is in already is no reason here: her card says so."""
        if self.actor is None or self.facts is None:
            return []
        party = Party(1, self.actor.acting_for)
        return [one for one in reasons_against_party(wanted, capacity, party, self.facts) if one is not ALREADY]

    def engagements_beside(self, shift_id: UUID) -> list[Engagement]:
        return [other for other in self.facts.engagements if other.shift_id != shift_id] if self.facts else []


def reader_of(session: Session, actor: Actor | None, asked: Collection[Wanted]) -> Reader:
    """With what these roles ask, and what she does shortly before and after: it may be far between the places."""
    if actor is None or actor.service or not asked:
        return Reader(None, None)
    starts_at, ends_at = min(role.starts_at for role in asked), max(role.ends_at for role in asked)
    born = {actor.person_id: actor.born_on}
    facts = facts_of(session, [actor.person_id], starts_at - REACH, ends_at + REACH, born, asked)
    return Reader(actor, facts[actor.person_id])


def own_sign_ups(
    session: Session, actor: Actor | None, shift_ids: Sequence[UUID]
) -> dict[UUID, tuple[SignUp, int | None]]:
    """By shift: how the reader (or the association that she acts for) is in it, and her place in line."""
    if actor is None:
        return {}
    of_actor = _OF_ASSOCIATION if actor.acting_for else _OF_PERSON
    found = session.scalars(of_actor, {"who": actor.acting_for or actor.person_id, "shift_ids": list(shift_ids)}).all()
    waiting = [sign_up.id for sign_up in found if sign_up.state == WAITING]
    places = positions(session, waiting) if waiting else {}
    return {sign_up.shift_id: (sign_up, places.get(sign_up.id)) for sign_up in found}
