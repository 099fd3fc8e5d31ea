"""Mails about shifts: what each asks of volunteers, and when it has been overtaken by what happened since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.domain.letter import Letter
from shared.errors import N_

PUBLISHED, CLOSED, HELD, CANCELLED = "published", "closed", "held", "cancelled"


@dataclass(frozen=True)
class ShiftLetter(Letter):
    """`asks`: the address in volunteers of what it tells, filled from the event.

    `sign_up` and `shift`: states in which it is still so; none given, always. `before_start`: worth nothing later.
    `has_calendar`: the shift comes along for the reader's own calendar; `ends_calendar`: it is taken out of it.
    """

    asks: str = "/letters/sign-ups/{sign_up_id}"
    sign_up: tuple[str, ...] = ()
    shift: tuple[str, ...] = (PUBLISHED, CLOSED)
    before_start: bool = True
    has_calendar: bool = False
    ends_calendar: bool = False
    waits_for_more: bool = True


_VOLUNTEER = N_("Du får denne mail, fordi du har meldt dig som frivillig.")
_PLANNER = N_("Du får denne mail, fordi du planlægger vagter.")
_SEE_SHIFT = N_("Se vagten")
_SEE_MINE = N_("Se dine vagter")
_FIND = N_("Find en anden vagt")
_MINE = "/mine-vagter/{sign_up_id}"
_SHIFT = "/vagter/{shift_id}"
_AT_ANY_TIME = (PUBLISHED, CLOSED, HELD)
_OF_SHIFT = "/letters/shifts/{shift_id}"
_OF_SWAP = "/letters/swaps/{swap_id}"

SHIFT_LETTERS = {
    "shift_confirmed": ShiftLetter(
        N_("Du har vagten: {title}"),
        _VOLUNTEER,
        _SEE_SHIFT,
        _MINE,
        sign_up=("confirmed",),
        has_calendar=True,
        ends_calendar=True,  # of what was given for it
    ),
    "shift_waiting": ShiftLetter(
        N_("Du står på ventelisten: {title}"), _VOLUNTEER, N_("Se din plads i køen"), _MINE, sign_up=("waiting",)
    ),
    "shift_offered": ShiftLetter(
        N_("Der er plads til dig: {title}"),
        _VOLUNTEER,
        N_("Tag vagten"),
        "/tilbud/{offer}",
        sign_up=("offered",),
        waits_for_more=False,
    ),
    "shift_lapsed": ShiftLetter(N_("Tilbuddet er udløbet: {title}"), _VOLUNTEER, _SEE_SHIFT, _SHIFT),
    "shift_released": ShiftLetter(
        N_("Du er ikke længere på vagten: {title}"),
        _VOLUNTEER,
        _FIND,
        "/vagter",
        shift=(PUBLISHED, CLOSED, CANCELLED),
        ends_calendar=True,
    ),
    "shift_called_off": ShiftLetter(
        N_("Du har meldt afbud: {title}"), _VOLUNTEER, _FIND, "/vagter", sign_up=("cancelled",), ends_calendar=True
    ),
    "shift_line_left": ShiftLetter(
        N_("Du står ikke længere på ventelisten: {title}"), _VOLUNTEER, _FIND, "/vagter", sign_up=("cancelled",)
    ),
    "shift_cancelled": ShiftLetter(
        N_("Vagten er aflyst: {title}"),
        _VOLUNTEER,
        _FIND,
        "/vagter",
        asks=_OF_SHIFT,
        shift=(CANCELLED,),
        before_start=False,
        ends_calendar=True,
    ),
    "shift_moved": ShiftLetter(
        N_("Vagten er flyttet: {title}"),
        _VOLUNTEER,
        _SEE_SHIFT,
        _MINE,
        sign_up=("confirmed", "offered", "waiting"),
        has_calendar=True,
    ),
    "shift_flagged": ShiftLetter(
        N_("Kan du stadig tage vagten? {title}"), _VOLUNTEER, _SEE_SHIFT, _MINE, sign_up=("confirmed", "offered")
    ),
    "shift_seat_named": ShiftLetter(
        N_("Du er sat på en vagt: {title}"), _VOLUNTEER, _SEE_SHIFT, _MINE, sign_up=("confirmed",), has_calendar=True
    ),
    "shift_seat_unnamed": ShiftLetter(
        N_("Dit navn er taget af en plads: {title}"), _VOLUNTEER, _FIND, "/vagter", ends_calendar=True
    ),
    "shift_swap_asked": ShiftLetter(
        N_("Vil du tage en andens vagt? {title}"),
        N_("Du får denne mail, fordi en anden frivillig spørger dig."),
        N_("Sig ja eller nej"),
        "/bytte/{swap_id}",
        asks=_OF_SWAP,
    ),
    "shift_swap_answered": ShiftLetter(
        N_("Du har fået svar om din vagt: {title}"),
        _VOLUNTEER,
        _SEE_MINE,
        "/mine-vagter",
        asks=_OF_SWAP,
        ends_calendar=True,
    ),
    "shift_swap_lapsed": ShiftLetter(
        N_("Der blev ikke byttet: {title}"),
        N_("Du får denne mail, fordi der var spurgt om at bytte en vagt."),
        _SEE_MINE,
        "/mine-vagter",
        asks=_OF_SWAP,
        shift=(PUBLISHED, CLOSED, HELD, CANCELLED),
        before_start=False,
    ),
    "shift_reminder_before": ShiftLetter(
        N_("Husk din vagt: {title}"), _VOLUNTEER, _SEE_SHIFT, _MINE, sign_up=("confirmed",), has_calendar=True
    ),
    "shift_reminder_today": ShiftLetter(
        N_("Du har en vagt i dag: {title}"), _VOLUNTEER, _SEE_SHIFT, _MINE, sign_up=("confirmed",), has_calendar=True
    ),
    "shift_understaffed": ShiftLetter(
        N_("Der mangler folk: {title}"), _PLANNER, N_("Se holdet"), "/hold/vagter/{shift_id}", asks=_OF_SHIFT
    ),
    "shift_asked": ShiftLetter(
        N_("Kan du hjælpe? {title}"),
        N_("Du får denne mail, fordi du har været frivillig før og gerne må spørges."),
        _SEE_SHIFT,
        _SHIFT,
        asks=_OF_SHIFT,
        shift=(PUBLISHED,),
    ),
    "shift_hours_questioned": ShiftLetter(
        N_("Et spørgsmål om dine timer: {title}"),
        _VOLUNTEER,
        N_("Se dine timer"),
        "/mine-timer",
        asks="/letters/hours/{seat_id}",
        shift=_AT_ANY_TIME,
        before_start=False,
    ),
}

# What must not hide among other news.
GRAVEST_FIRST = ("shift_cancelled", "shift_moved", "shift_released", "shift_seat_unnamed")


@dataclass(frozen=True)
class Now:
    """How things stand when the mail is written. Empty where the mail is not about it.

    `offered_since`: a place was offered after what the mail tells.
    """

    shift: str
    starts_at: datetime
    sign_up: str = ""
    offer_number: int = 0
    swap: str = ""
    hours: str = ""
    flags: int = 0
    has_seat: bool = True
    offered_since: bool = False


def is_overtaken(template: str, payload: Mapping[str, Any], stands: Now, now: datetime) -> bool:
    """Would the mail tell what is no longer so, or come too late?"""
    letter = SHIFT_LETTERS[template]
    return (
        stands.shift not in letter.shift
        or (bool(letter.sign_up) and stands.sign_up not in letter.sign_up)
        or (letter.before_start and stands.starts_at <= now)
        or (template == "shift_offered" and stands.offer_number != payload["offer_number"])
        or (template == "shift_moved" and stands.offered_since and stands.sign_up != "waiting")
        or (template == "shift_swap_asked" and stands.swap != "asked")
        or (template == "shift_hours_questioned" and stands.hours != "questioned")
        or (template == "shift_flagged" and not stands.flags)
        or (template == "shift_seat_named" and not stands.has_seat)
        or (template == "shift_seat_unnamed" and stands.has_seat)
    )
