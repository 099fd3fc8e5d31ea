"""Rules of time: the right way round, not over, not too far ahead, and when the doors are open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.bookings.domain.opening import Period
from services.bookings.domain.states import CONSUMABLE
from services.bookings.domain.wishes import Offer, Offers, Wish
from shared.clock import local
from shared.errors import N_, Reason

FURTHEST_AHEAD = timedelta(days=2 * 365)


def time_reasons(starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> Iterator[Reason]:
    """What is wrong with a pair of times by itself."""
    if starts_at is None or ends_at is None:
        yield Reason("times-missing", N_("Vælg både start og slut."), "starts_at" if starts_at is None else "ends_at")
    elif ends_at <= starts_at:
        yield Reason("end-before-start", N_("Slut skal ligge efter start. Vælg et senere sluttidspunkt."), "ends_at")
    if starts_at and starts_at < now:
        yield Reason("starts-in-past", N_("Tidspunktet er passeret. Vælg et senere."), "starts_at")
    if ends_at and ends_at > now + FURTHEST_AHEAD:
        yield Reason("too-far-ahead", N_("Man kan højst booke to år frem. Vælg en tidligere dato."), "ends_at")


def can_be_had(period: Period, now: datetime) -> bool:
    """Times at which it makes sense to look what is free."""
    return not any(time_reasons(period.starts_at, period.ends_at, now))


def period_reasons(wish: Wish, offers: Offers, now: datetime) -> list[Reason]:
    """Reasons about pick-up and return; there are none where nothing is fetched."""
    fetched = [offers[line.resource_id] for line in wish.lines if line.resource_id in offers]
    fetched = [offer for offer in fetched if not offer.is_facility]
    if not fetched:
        return []
    reasons = list(time_reasons(wish.starts_at, wish.ends_at, now))
    wrong = {reason.field for reason in reasons}
    if wish.starts_at and "starts_at" not in wrong:
        reasons += _closed_at_pickup(fetched, wish.starts_at, now)
    if wish.ends_at and "ends_at" not in wrong:
        reasons += _closed_at_return(fetched, wish.ends_at)
    return reasons


def _closed_at_pickup(fetched: list[Offer], moment: datetime, now: datetime) -> Iterator[Reason]:
    for depot, offer in {offer.depot_name: offer for offer in fetched}.items():
        if not offer.opens.includes(moment):
            text = N_("{depot} har ikke åbent {moment}. Hent, når der er åbent, fx {opens}.")
            yield _closed("pickup-closed", text, "starts_at", depot, moment, _pickup(offer, moment, now))


def _closed_at_return(fetched: list[Offer], moment: datetime) -> Iterator[Reason]:
    for depot, offer in {offer.depot_name: offer for offer in fetched if offer.kind != CONSUMABLE}.items():
        if not offer.opens.includes(moment):
            text = N_("{depot} har ikke åbent {moment}. Aflevér, når der er åbent, fx {opens}.")
            yield _closed("return-closed", text, "ends_at", depot, moment, _next_opening(offer, moment))


def _closed(slug: str, text: str, field: str, depot: str, moment: datetime, opens: datetime | None) -> Reason:
    if opens is None:
        text = N_("{depot} har ikke åbent {moment}. Vælg en anden dag.")
    return Reason(slug, text, field, {"depot": depot or N_("Depotet"), "moment": moment, "opens": opens})


def _pickup(offer: Offer, moment: datetime, now: datetime) -> datetime | None:
    """The opening before: what is needed on a Saturday is fetched on Friday."""
    for day in offer.opens.days_from(local(moment).date(), -1):
        opens = offer.opens.on(day)[0].starts_at
        if opens <= moment:
            return opens if opens > now else _next_opening(offer, moment)
    return None


def _next_opening(offer: Offer, moment: datetime) -> datetime | None:
    for day in offer.opens.days_from(local(moment).date()):
        for opening in offer.opens.on(day):
            if opening.starts_at >= moment:
                return opening.starts_at
    return None
