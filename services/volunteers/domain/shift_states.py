"""What can become of a shift as a whole, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from shared.errors import N_, Reason

_ENDED = N_("“{title}” er afholdt eller aflyst. Lav en ny vagt.")


def against_publishing(title: str, state: str, starts_at: datetime, now: datetime) -> Iterator[Reason]:
    if state in ("held", "cancelled"):
        yield Reason("shift-ended", _ENDED, None, {"title": title})
    elif state == "draft" and starts_at <= now:
        text = N_("“{title}” skulle være begyndt. Vælg et senere tidspunkt, før den udgives.")
        yield Reason("past", text, None, {"title": title})


def against_cancelling(title: str, state: str, ends_at: datetime, now: datetime) -> Iterator[Reason]:
    if state == "draft":
        yield Reason("shift-draft", N_("“{title}” er en kladde. Slet den i stedet."), None, {"title": title})
    elif state == "held" or (state != "cancelled" and ends_at <= now):
        yield Reason("shift-over", N_("“{title}” er forbi og kan ikke aflyses."), None, {"title": title})


def against_reason(reason: str) -> Iterator[Reason]:
    if not any(sign.isalpha() for sign in reason):
        yield Reason("reason-missing", N_("Skriv, hvorfor vagten aflyses. De tilmeldte får det at vide."), "reason")


def against_closing(state: str, starts_at: datetime, now: datetime) -> Iterator[Reason]:
    if state not in ("published", "closed"):
        yield Reason("not-published", N_("Kun en udgivet vagt kan lukkes eller åbnes for tilmelding."))
    elif starts_at <= now:
        yield Reason("shift-started", N_("Vagten er begyndt. Find en, der ikke er begyndt endnu."))


def against_deleting(state: str) -> Iterator[Reason]:
    if state != "draft":
        yield Reason("not-a-draft", N_("Kun en kladde kan slettes. Aflys vagten i stedet, så de tilmeldte får besked."))
