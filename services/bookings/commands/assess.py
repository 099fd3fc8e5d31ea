"""What becomes of a wish: every reason against it, and for each line what is free instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.bookings.commands.alternatives import alternatives
from services.bookings.domain import rules
from services.bookings.domain.opening import Period
from services.bookings.domain.rules.times import can_be_had
from services.bookings.domain.wishes import Offer, Wish
from services.bookings.models.free import Window, busy, first_taken
from services.bookings.models.offers import offers_by_id
from shared.contracts.bookings import Alternative
from shared.errors import Reason


@dataclass
class LineAnswer:
    """The answer to one line. `free` is what is left for it, None where nobody could look."""

    resource_id: UUID
    quantity: int
    offer: Offer | None
    period: Period | None
    reasons: list[Reason] = field(default_factory=list)
    free: int | None = None
    alternatives: list[Alternative] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.reasons


Known = tuple[LineAnswer, Offer, Period]


@dataclass
class Assessment:
    """`reasons` concern the whole; those of lines are with their lines."""

    reasons: list[Reason]
    lines: list[LineAnswer]

    @property
    def ok(self) -> bool:
        return not self.all_reasons

    @property
    def all_reasons(self) -> list[Reason]:
        return [*self.reasons, *(reason for line in self.lines for reason in line.reasons)]


def assess(session: Session, wish: Wish, now: datetime, final: bool = False) -> Assessment:
    """Look at everything and write nothing. `final` asks for purpose, place and terms as well."""
    reasons = rules.basket_reasons(wish, final)
    if len(wish.lines) > rules.MOST_LINES:
        return Assessment(reasons, [])
    offers = offers_by_id(session, {line.resource_id for line in wish.lines})
    reasons += rules.period_reasons(wish, offers, now)
    answers = _by_rules(wish, offers, now)
    _look_what_is_free(session, answers, now)
    _offer_alternatives(session, answers, now)
    for index, answer in enumerate(answers):
        answer.reasons = [reason.at(f"lines.{index}") for reason in answer.reasons]
    return Assessment(reasons, answers)


def _by_rules(wish: Wish, offers: Mapping[UUID, Offer], now: datetime) -> list[LineAnswer]:
    clashes = rules.contradictions(wish, offers)
    answers = []
    for index, line in enumerate(wish.lines):
        offer = offers.get(line.resource_id)
        period = wish.period_of(line, offer) if offer else None
        if period and not can_be_had(period, now):
            period = None
        reasons = rules.line_reasons(line, offer, wish, now)
        if index in clashes:
            reasons.append(clashes[index])
        answers.append(LineAnswer(line.resource_id, line.quantity, offer, period, reasons))
    return answers


def _look_what_is_free(session: Session, answers: list[LineAnswer], now: datetime) -> None:
    known = [(answer, answer.offer, answer.period) for answer in answers if answer.offer and answer.period]
    _look_at_materials(session, [one for one in known if not one[1].is_facility], now)
    _look_at_facilities(session, [one for one in known if one[1].is_facility])


def _look_at_materials(session: Session, known: list[Known], now: datetime) -> None:
    windows = [Window(offer.id, *offer.blocked(period, now)) for _, offer, period in known]
    promised: Counter[UUID] = Counter()
    for (answer, offer, _), taken in zip(known, busy(session, windows), strict=True):
        answer.free = max(0, offer.total - taken - promised[offer.id])
        if 0 < answer.quantity <= offer.total:
            answer.reasons += rules.amount_reasons(offer, answer.quantity, answer.free)
            promised[offer.id] += answer.quantity


def _look_at_facilities(session: Session, known: list[Known]) -> None:
    asked = [(one, Window(seat, one[2].starts_at, one[2].ends_at)) for one in known for seat in one[1].seat_ids]
    taken = first_taken(session, [window for _, window in asked])
    for answer, _, _ in known:
        answer.free = 1
    for index, (starts_at, ends_at) in taken.items():
        answer, offer, _ = asked[index][0]
        if answer.free and ends_at:
            answer.free = 0
            answer.reasons.append(rules.taken_reason(offer, Period(starts_at, ends_at)))


def _offer_alternatives(session: Session, answers: list[LineAnswer], now: datetime) -> None:
    """Only where a lack is the only trouble: whoever comes on a Sunday should choose another day first."""
    lacking = {"too-few-free", "none-free", "hall-taken", "more-than-we-have"}
    for answer in answers:
        if answer.offer and answer.period and answer.reasons and {r.slug for r in answer.reasons} <= lacking:
            answer.alternatives = alternatives(
                session, answer.offer, answer.quantity, answer.period, answer.free or 0, now
            )
