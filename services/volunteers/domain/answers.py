"""What one may say to one's own sign-up: yes to an offer, no to it, or that one does not come after all."""

from __future__ import annotations

from datetime import datetime

from services.volunteers.domain.offers import may_be_offered
from services.volunteers.domain.openness import reasons_closed
from services.volunteers.domain.signing import FULL
from shared.errors import N_, Reason

_ENDED = Reason(
    "sign-up-ended", N_("Du er ikke længere på vagten eller ventelisten. Tilmeld dig igen, hvis du gerne vil med.")
)
_CONFIRMED = Reason("already-confirmed", N_("Du er allerede med på vagten. Du behøver ikke gøre mere."))
_NO_OFFER = Reason("no-offer", N_("Du er på ventelisten. Du får besked, så snart der er en plads til dig."))
_LAPSED = Reason(
    "offer-lapsed", N_("Tilbuddet er udløbet, og pladsen er gået videre. Skriv dig på ventelisten igen, hvis du vil.")
)
_STARTED = Reason(
    "shift-started", N_("Vagten er begyndt eller forbi. Sig det til den, der står for vagten, hvis du ikke kommer.")
)
_ARRIVED = Reason("checked-in", N_("Du er noteret som mødt. Sig det til den, der står for vagten, hvis du må gå igen."))


def against_accepting(
    state: str, until: datetime | None, shift_state: str, starts_at: datetime, enough: bool, now: datetime
) -> list[Reason]:
    """`state`: of the sign-up. `enough`: there are free places for the whole party, beside those offered."""
    if state not in ("offered", "waiting"):
        return [_CONFIRMED if state == "confirmed" else _ENDED]
    reasons = [reason for reason in reasons_closed(shift_state, starts_at, now) if reason.slug != "shift-closed"]
    if state == "offered" and until is not None and until <= now:
        reasons.append(_LAPSED)
    if state == "waiting" and may_be_offered(now, starts_at):
        reasons.append(_NO_OFFER)
    elif state == "waiting" and not enough:
        reasons.append(FULL)
    return reasons


def against_declining(state: str) -> list[Reason]:
    if state == "offered":
        return []
    if state in ("waiting", "confirmed"):
        return [Reason("no-offer", N_("Der er intet tilbud at sige nej til. Meld afbud, hvis du ikke kan komme."))]
    return [_ENDED]


def against_cancelling(state: str, starts_at: datetime, arrived: bool, now: datetime) -> list[Reason]:
    """`arrived`: she has checked in, which is possible before the start."""
    if state not in ("waiting", "offered", "confirmed"):
        return [_ENDED]
    if starts_at <= now:
        return [_STARTED]
    return [_ARRIVED] if arrived else []
