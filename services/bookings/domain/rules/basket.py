"""Rules of the basket as a whole: not empty, not endless, explained, and not at odds with itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from services.bookings.domain.wishes import Offer, Offers, Wish
from shared.errors import N_, Reason

MOST_LINES = 50


def basket_reasons(wish: Wish, final: bool) -> list[Reason]:
    """`final` asks for purpose, place and terms as well."""
    return [*_lines(wish), *(_form(wish) if final else ())]


def _lines(wish: Wish) -> Iterator[Reason]:
    if not wish.lines:
        yield Reason("empty-basket", N_("Kurven er tom. Læg mindst én ting i den."), "lines")
    if len(wish.lines) > MOST_LINES:
        text = N_("Der er {count} linjer, og der må højst være {most}. Del bookingen i to.")
        yield Reason("too-many-lines", text, "lines", {"count": len(wish.lines), "most": MOST_LINES})


def _form(wish: Wish) -> Iterator[Reason]:
    if not wish.purpose.strip():
        yield Reason("purpose-missing", N_("Skriv, hvad I skal bruge det til."), "purpose")
    if not wish.place_of_use.strip():
        yield Reason("place-missing", N_("Skriv, hvor det skal bruges."), "place_of_use")
    if not wish.terms_accepted:
        yield Reason("terms-not-accepted", N_("Sæt kryds ved, at I følger lånebetingelserne."), "terms_accepted")


def contradictions(wish: Wish, offers: Offers) -> Mapping[int, Reason]:
    """Lines of one basket that rule each other out, by the index of the later one."""
    found: dict[int, Reason] = {}
    known = [(index, line, offers[line.resource_id]) for index, line in enumerate(wish.lines)
             if line.resource_id in offers]  # fmt: skip
    for (_, line, offer), (index, other_line, other) in combinations(known, 2):
        period, other_period = wish.period_of(line, offer), wish.period_of(other_line, other)
        if not (offer.is_facility and other.is_facility and period and other_period):
            continue
        if period.overlaps(other_period) and (reason := _clash(offer, other)):
            found[index] = reason
    return found


def _clash(offer: Offer, other: Offer) -> Reason | None:
    params = {"name": offer.name, "other": other.name}
    if offer.id == other.id:
        text = N_("{name} er i kurven to gange på samme tid. Fjern den ene linje.")
        return Reason("same-hall-twice", text, "resource_id", params)
    if offer.id == other.parent_id or other.id == offer.parent_id:
        text = N_("{name} og {other} hører sammen og kan ikke bookes samtidig. Fjern den ene linje.")
        return Reason("hall-and-its-part", text, "resource_id", params)
    return None
