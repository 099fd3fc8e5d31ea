"""Signed links in mails: they work without log-in, each for one purpose and one sign-up (or person) alone."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from shared.errors import N_, Kind, Reason, Refusal
from shared.settings import settings

OFFER, CANCEL, STOP_ASKING = PURPOSES = ("offer", "cancel", "stop-asking")


class Link(NamedTuple):
    """`subject_id` is a sign-up's, or (stop-asking) a person's. `offer_number`: of which offer it speaks."""

    purpose: str
    subject_id: UUID
    offer_number: int


def make(purpose: str, subject_id: UUID, offer_number: int = 0) -> str:
    """The token for an address. Looking it up changes nothing; what it may still do, the sign-up's state says."""
    return _signed().dumps([purpose, subject_id.hex, offer_number])


def read(token: str) -> Link:
    """Raises Refusal (400) for whatever we did not sign ourselves."""
    try:
        purpose, subject_id, offer_number = _signed().loads(token)
    except BadSignature as error:
        text = N_("Linket er ikke helt, eller det er ikke fra os. Åbn det igen fra mailen, eller log ind i stedet.")
        raise Refusal(Kind.BAD_REQUEST, "forged-link", [Reason("forged-link", text, "token")]) from error
    return Link(purpose, UUID(subject_id), offer_number)


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(settings().link_secret, salt="kommunity-volunteers-links")
