"""Rules of what is free: so many are wanted, so many are left."""

from __future__ import annotations

from services.bookings.domain.opening import Period
from services.bookings.domain.states import CONSUMABLE
from services.bookings.domain.wishes import Offer
from shared.clock import local
from shared.errors import N_, Reason


def amount_reasons(offer: Offer, wanted: int, free: int) -> list[Reason]:
    """`free` is what is left for this line, after what earlier lines of the same basket take."""
    return [too_few_reason(offer, free)] if wanted > free else []


def too_few_reason(offer: Offer, free: int) -> Reason:
    params = {"name": offer.name, "free": max(0, free), "total": offer.total}
    if offer.kind == CONSUMABLE and free <= 0:
        text = N_("Resten er lovet væk. Vælg noget andet, eller prøv igen senere.")
    elif offer.kind == CONSUMABLE:
        text = N_("Der er {free} tilbage, som ikke er lovet væk. Skriv højst {free}.")
    elif free <= 0 and offer.total == 1:
        text = N_("Den er lånt ud eller reserveret i perioden. Vælg en anden periode.")
    elif free <= 0:
        text = N_("Alle {total} er lånt ud eller reserveret i perioden. Vælg en anden periode.")
    else:
        text = N_("{free} af {total} er ledige i perioden. Skriv højst {free}, eller vælg en anden periode.")
    return Reason("none-free" if free <= 0 else "too-few-free", text, "quantity", params)


def taken_reason(offer: Offer, taken: Period) -> Reason:
    text = N_("{name} er optaget {day} kl. {begins}–{ends}. Vælg et andet tidspunkt.")
    begins, ends = local(taken.starts_at), local(taken.ends_at)
    params = {"name": offer.name, "day": begins.date(), "begins": f"{begins:%H.%M}", "ends": f"{ends:%H.%M}"}
    return Reason("hall-taken", text, "starts_at", params)
