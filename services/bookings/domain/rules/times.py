"""Rules of time: the right way round, not over, not too far ahead, and when the doors are open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.bookings.domain.opening import Period
from services.bookings.domain.wishes import Offer, Offers, Wish
from shared.clock import local
from shared.errors import N_, Reason

FURTHEST_AHEAD = timedelta(days=2 * 365)


def sane_times(starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> list[Reason]:
    """What is wrong with a pair of times by itself."""
    if starts_at is None or ends_at is None:
        text = N_("Vælg både start og slut.")
        return [Reason("times-missing", text, "starts_at" if starts_at is None else "ends_at")]
    if ends_at <= starts_at:
        return [Reason("end-before-start", N_("Slut skal ligge efter start. Vælg et senere sluttidspunkt."), "ends_at")]
    if starts_at < now:
        return [Reason("starts-in-past", N_("Tidspunktet er passeret. Vælg et senere."), "starts_at")]
    if ends_at > now + FURTHEST_AHEAD:
        return [Reason("too-far-ahead", N_("Man kan højst booke to år frem. Vælg en tidligere dato."), "ends_at")]
    return []


def period_reasons(wish: Wish, offers: Offers, now: datetime) -> list[Reason]:
    """Reasons about pick-up and return; there are none where nothing is fetched."""
    fetched = [offers[line.resource_id] for line in wish.lines if line.resource_id in offers]
    fetched = [offer for offer in fetched if not offer.is_facility]
    if not fetched:
        return []
    reasons = sane_times(wish.starts_at, wish.ends_at, now)
    if reasons or wish.starts_at is None or wish.ends_at is None:
        return reasons
    return list(_closed_depots(fetched, Period(wish.starts_at, wish.ends_at), now))


def _closed_depots(fetched: list[Offer], period: Period, now: datetime) -> Iterator[Reason]:
    pickups = {offer.depot_name: offer for offer in fetched}
    returns = {offer.depot_name: offer for offer in fetched if offer.kind != "consumable"}
    for depot, offer in pickups.items():
        if not offer.opens.includes(period.starts_at):
            text = N_("{depot} har ikke åbent {moment}. Hent, når der er åbent, fx {opens}.")
            yield _closed("pickup-closed", text, "starts_at", depot, period.starts_at, _pickup(offer, period, now))
    for depot, offer in returns.items():
        if not offer.opens.includes(period.ends_at):
            text = N_("{depot} har ikke åbent {moment}. Aflevér, når der er åbent, fx {opens}.")
            yield _closed("return-closed", text, "ends_at", depot, period.ends_at, _next_opening(offer, period.ends_at))


def _closed(slug: str, text: str, field: str, depot: str, moment: datetime, opens: datetime | None) -> Reason:
    if opens is None:
        text = N_("{depot} har ikke åbent {moment}. Vælg en anden dag.")
    return Reason(slug, text, field, {"depot": depot or N_("Depotet"), "moment": moment, "opens": opens})


def _pickup(offer: Offer, period: Period, now: datetime) -> datetime | None:
    """The opening before: what is needed on a Saturday is fetched on Friday."""
    for day in offer.opens.days_from(local(period.starts_at).date(), -1):
        opens = offer.opens.on(day)[0].starts_at
        if opens <= period.starts_at:
            return opens if opens > now else _next_opening(offer, period.starts_at)
    return None


def _next_opening(offer: Offer, moment: datetime) -> datetime | None:
    for day in offer.opens.days_from(local(moment).date()):
        for opening in offer.opens.on(day):
            if opening.starts_at >= moment:
                return opening.starts_at
    return None
