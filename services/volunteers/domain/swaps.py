"""What speaks against a swap, apart from the rules about the two people: the places themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from services.volunteers.domain.openness import reasons_closed
from shared.errors import N_, Reason

MOST_ASKED = 5

NO_SUCH_SHIFT = Reason("unknown-shift", N_("Vagten findes ikke. Vælg en anden."))
NOT_THERE = Reason(
    "not-there",
    N_("Du har ingen plads på den vagt, som den anden vil have til gengæld. Sig nej tak, og aftal et andet bytte."),
)
WITH_ONESELF = Reason("swap-with-oneself", N_("Det er din egen e-mail. Skriv den andens."), "email")
OVER = Reason("swap-over", N_("Byttet er allerede besvaret eller trukket tilbage. Hent siden igen."))
GONE = Reason("swap-gone", N_("En af de to har ikke længere sin plads. Aftal et nyt bytte."))
ARRIVED = Reason("checked-in", N_("En af jer er allerede mødt på vagten. Sig det til den, der står for den."))
OTHER_UNFIT = Reason(
    "other-unfit", N_("Den anden opfylder ikke alt, hvad der kræves på din vagt. Aftal et andet bytte.")
)


def against_asking_again(states: Collection[str]) -> list[Reason]:
    """`states`: of all swaps ever asked about the place. Each sends somebody a mail, so there is an end to it."""
    if "asked" in states:
        text = N_("Du har allerede spurgt en anden om den plads. Træk det tilbage først, eller vent på svaret.")
        return [Reason("already-asked", text)]
    if len(states) >= MOST_ASKED:
        text = N_("Du har spurgt {most} gange om den plads. Meld afbud, hvis du ikke kan komme.")
        return [Reason("asked-often", text, None, {"most": MOST_ASKED})]
    return []


def against_giving(state: str, places: int, association_id: UUID | None) -> list[Reason]:
    """May this place be given to somebody else at all? Whoever brings a child or speaks for a group may not."""
    if association_id is not None:
        text = N_("En forenings pladser byttes ikke. Skriv et andet navn på pladsen i stedet.")
        return [Reason("swap-of-group", text)]
    reasons = []
    if state != "confirmed":
        text = N_("Du kan kun bytte en plads, du har. Meld afbud, hvis du ikke vil stå på listen længere.")
        reasons.append(Reason("swap-without-place", text))
    if places > 1:
        text = N_("I er to om pladsen, så den kan ikke byttes. Meld afbud, hvis I ikke kan komme.")
        reasons.append(Reason("swap-with-child", text))
    return reasons


def against_time(state: str, starts_at: datetime, now: datetime) -> list[Reason]:
    """A shift that is closed for sign-ups has as many people after a swap as before it."""
    return reasons_closed("published" if state == "closed" else state, starts_at, now)


def once_each(reasons: Iterable[Reason]) -> list[Reason]:
    """Two places may have the same reason."""
    return list({(reason.slug, reason.field): reason for reason in reasons}.values())
