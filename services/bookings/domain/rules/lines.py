"""Rules of one line: is there such a thing, may it be asked for so late and for so long, is the hall open?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.bookings.domain.opening import Period
from services.bookings.domain.rules.times import time_reasons
from services.bookings.domain.wishes import Offer, Wish, WishedLine
from shared.clock import local
from shared.errors import N_, Reason


def line_reasons(line: WishedLine, offer: Offer | None, wish: Wish, now: datetime) -> list[Reason]:
    """All that is wrong with a line before anybody looks at what is free."""
    if offer is None:
        text = N_("Den ting kendes ikke. Fjern linjen, eller find tingen igen.")
        return [Reason("unknown-resource", text, "resource_id")]
    if not offer.active:
        text = N_("{name} udlånes ikke længere. Fjern linjen, eller vælg noget andet.")
        return [Reason("inactive-resource", text, "resource_id", {"name": offer.name})]
    return [*_quantity(line, offer), *_times(line, offer, wish, now)]


def _quantity(line: WishedLine, offer: Offer) -> Iterator[Reason]:
    if line.quantity < 1:
        yield Reason("too-little", N_("Skriv mindst 1, eller fjern linjen."), "quantity")
    elif offer.is_facility and line.quantity > 1:
        yield Reason("one-at-a-time", N_("Der er kun én {name}. Skriv 1."), "quantity", {"name": offer.name})
    elif not offer.is_facility and line.quantity > offer.total:
        text = (
            N_("Vi har {total} i alt. Skriv højst {total}.")
            if offer.total
            else N_("Vi har ingen for tiden. Vælg noget andet.")
        )
        yield Reason("more-than-we-have", text, "quantity", {"total": offer.total})


def _times(line: WishedLine, offer: Offer, wish: Wish, now: datetime) -> Iterator[Reason]:
    if offer.is_facility:
        yield from time_reasons(line.starts_at, line.ends_at, now)
    elif line.starts_at or line.ends_at:
        text = N_("Ting hentes og afleveres samlet. Fjern tiden fra linjen.")
        yield Reason("times-not-allowed", text, "starts_at" if line.starts_at else "ends_at")
    starts_at, _ = wish.times_of(line, offer)
    if starts_at and starts_at >= now:
        yield from _too_late(offer, starts_at, now)
    if period := wish.period_of(line, offer):
        yield from _too_long(offer, period)
        yield from _hall_closed(offer, period)


def _too_late(offer: Offer, starts_at: datetime, now: datetime) -> Iterator[Reason]:
    """Elapsed hours, whatever the clocks on the wall do in between."""
    earliest = now + timedelta(hours=offer.lead_time_hours)
    if starts_at < earliest:
        text = N_("{name} skal bestilles mindst {hours} timer før. Vælg en start efter {earliest}.")
        params = {"name": offer.name, "hours": offer.lead_time_hours, "earliest": earliest}
        yield Reason("too-late", text, "starts_at", params)


def _too_long(offer: Offer, period: Period) -> Iterator[Reason]:
    """Calendar days from pick-up to return; closed days count."""
    days = (local(period.ends_at).date() - local(period.starts_at).date()).days
    if offer.kind != "consumable" and offer.longest_loan_days is not None and days > offer.longest_loan_days:
        text = N_("{name} kan højst lånes i {days} dage. Aflevér tidligere.")
        yield Reason("too-long", text, "ends_at", {"name": offer.name, "days": offer.longest_loan_days})


def _hall_closed(offer: Offer, period: Period) -> Iterator[Reason]:
    if not offer.is_facility or offer.opens.covers(period):
        return
    openings = offer.opens.on(local(period.starts_at).date())
    if not openings:
        text = N_("{name} har lukket den dag. Vælg en anden dag.")
        yield Reason("closed-that-day", text, "starts_at", {"name": offer.name})
        return
    text = N_("{name} har åbent {hours}. Vælg tider inden for det, og en linje for hver dag.")
    hours = ", ".join(f"{local(o.starts_at):%H.%M}–{local(o.ends_at):%H.%M}" for o in openings)
    starts_outside = not any(opening.starts_at <= period.starts_at < opening.ends_at for opening in openings)
    params = {"name": offer.name, "hours": hours}
    yield Reason("outside-opening-hours", text, "starts_at" if starts_outside else "ends_at", params)
