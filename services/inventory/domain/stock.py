"""How much there is of a material, and what may happen to that number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.errors import N_, Reason


class Cause(StrEnum):
    """Why a total changed."""

    CORRECTION = "correction"
    BROKEN = "broken"
    MISSING = "missing"
    FOUND = "found"
    REPAIRED = "repaired"
    CONSUMED = "consumed"


LOSSES = (Cause.BROKEN, Cause.MISSING)
GAINS = (Cause.FOUND, Cause.REPAIRED)
BY_HAND = (Cause.CORRECTION, *LOSSES, *GAINS)
MOST_OWNED, MOST_NUMBERED = 100_000, 500


@dataclass(frozen=True)
class Stock:
    """Pieces of one material: all that were acquired, and of these what is set aside, used up or with borrowers."""

    owned: int
    broken: int = 0
    missing: int = 0
    consumed: int = 0
    out: int = 0

    @property
    def total(self) -> int:
        """What can be lent in all, at the depot or with borrowers."""
        return self.owned - self.broken - self.missing - self.consumed

    @property
    def on_shelf(self) -> int:
        return self.total - self.out

    @property
    def least_owned(self) -> int:
        """Fewer than this cannot be owned: they are accounted for elsewhere."""
        return self.owned - self.on_shelf

    def corrected(self, cause: Cause, change: int) -> Stock:
        """After `change` more (or fewer) usable ones."""
        if cause in (Cause.BROKEN, Cause.REPAIRED):
            return replace(self, broken=self.broken - change)
        if cause in (Cause.MISSING, Cause.FOUND):
            return replace(self, missing=self.missing - change)
        if cause is Cause.CONSUMED:
            return replace(self, consumed=self.consumed - change)
        return replace(self, owned=self.owned + change)

    def lent(self, quantity: int) -> Stock:
        return replace(self, out=self.out + quantity)

    def taken_back(self, quantity: int) -> Stock:
        """`quantity` are no longer with the borrower, in whatever state."""
        return replace(self, out=self.out - quantity)


def against_owning(owned: int, numbered: bool, field: str) -> Iterator[Reason]:
    most = MOST_NUMBERED if numbered else MOST_OWNED
    if owned > most:
        text = N_("Der kan højst være {most} af den slags. Skriv et mindre tal.")
        yield Reason("too-many", text, field, {"most": most})


def against_correction(stock: Stock, cause: Cause, change: int) -> Iterator[Reason]:
    """Why this correction cannot be, if so."""
    if cause in LOSSES and change > 0:
        text = N_("Det, der er i stykker eller mangler, trækkes fra. Skriv et tal med minus foran, fx -2.")
        yield Reason("wrong-sign", text, "change")
    elif cause in GAINS and change < 0:
        text = N_("Det, der er fundet eller repareret, lægges til. Skriv et tal uden minus, fx 2.")
        yield Reason("wrong-sign", text, "change")
    elif -change > stock.on_shelf:
        text = N_("Kun {left} er på depotet nu. Fjern højst {left}, eller vent, til flere er tilbage.")
        yield Reason("more-than-on-shelf", text, "change", {"left": stock.on_shelf})
    elif cause is Cause.FOUND and change > stock.missing:
        text = N_("Kun {missing} er meldt manglende. Skriv højst {missing}, eller vælg “rettelse”.")
        yield Reason("more-than-missing", text, "change", {"missing": stock.missing})
    elif cause is Cause.REPAIRED and change > stock.broken:
        text = N_("Kun {broken} er meldt i stykker. Skriv højst {broken}, eller vælg “rettelse”.")
        yield Reason("more-than-broken", text, "change", {"broken": stock.broken})
