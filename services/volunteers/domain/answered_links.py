"""Whether a link in a mail can still do what it is for; the sign-up's state says it, so a link needs no memory."""

from __future__ import annotations

from datetime import datetime

from services.volunteers.domain.answers import against_accepting, against_cancelling
from shared.errors import N_, Reason

_USED = "link-used"
_SAID_YES = Reason(_USED, N_("Du har sagt ja, og pladsen er din. Kan du alligevel ikke, så meld afbud."))
_ENDED = {
    "declined": Reason(_USED, N_("Du har sagt nej tak, og pladsen er gået videre. Tilmeld dig igen, hvis du vil med.")),
    "lapsed": Reason(
        "offer-lapsed", N_("Tilbuddet udløb, og pladsen er gået videre. Skriv dig på ventelisten igen, hvis du vil.")
    ),
    "cancelled": Reason(_USED, N_("Du har meldt afbud. Du behøver ikke gøre mere. Tilmeld dig igen, hvis du vil med.")),
    "released": Reason(
        "sign-up-over", N_("Du er taget af vagten, eller den er aflyst. Se hvorfor i mailen, eller find en anden vagt.")
    ),
}
_WITHDRAWN = Reason(
    "offer-withdrawn",
    N_("Pladsen gik videre, fordi noget kom i vejen, fx en anden vagt på samme tid. Du står stadig på ventelisten."),
)
_OLDER = Reason("older-offer", N_("Linket hører til et tidligere tilbud. Brug linket i den nyeste mail."))
ASKED_NO_MORE = Reason(_USED, N_("Du bliver ikke spurgt mere. Du kan slå det til igen under Mine vagter."))


def against_offer_link(
    state: str,
    until: datetime | None,
    offered_now: int,
    offered_then: int,
    shift_state: str,
    starts_at: datetime,
    now: datetime,
) -> Reason | None:
    """`offered_now` and `offered_then`: the sign-up's offer number, and that of the link."""
    if state == "confirmed":
        return _SAID_YES
    if state in _ENDED:
        return _ENDED[state]
    if state == "waiting":
        return _WITHDRAWN
    if offered_now != offered_then:
        return _OLDER
    return next(iter(against_accepting(state, until, shift_state, starts_at, True, now)), None)


def against_cancel_link(state: str, starts_at: datetime, arrived: bool, now: datetime) -> Reason | None:
    if state in _ENDED:
        return _ENDED[state]
    return next(iter(against_cancelling(state, starts_at, arrived, now)), None)
