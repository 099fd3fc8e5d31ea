"""An answer through a link in a mail: yes or no to an offer, calling off, or not being asked any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services.volunteers.commands import offers, preferences
from services.volunteers.commands.loading import locked_sign_up
from services.volunteers.links import CANCEL, OFFER, STOP_ASKING, Link
from services.volunteers.models.mailed_links import reason_against
from shared.errors import N_, Kind, Reason, Refusal

ACCEPT, DECLINE, CALL_OFF, STOP = ANSWERS = ("accept", "decline", "cancel", "stop")
_FOR = {OFFER: (ACCEPT, DECLINE), CANCEL: (CALL_OFF,), STOP_ASKING: (STOP,)}


def use_link(session: Session, link: Link, answer: str, now: datetime, reason: str = "") -> None:
    """`reason`: why she calls off, if she says so.

    Raises Refusal: 400 for an answer that the link is not for, 409 if it is used, too old, or its time is out.
    """
    if answer not in _FOR[link.purpose]:
        text = N_("Linket er til noget andet. Brug det link i mailen, der hører til, eller log ind.")
        raise Refusal(Kind.BAD_REQUEST, "other-purpose", [Reason("other-purpose", text, "answer")])
    if link.purpose == STOP_ASKING:
        _refuse_used(session, link, now)
        preferences.stop_asking(session, link.subject_id)
        return
    sign_up, shift = locked_sign_up(session, link.subject_id)
    _refuse_used(session, link, now)
    if answer == ACCEPT:
        offers.accept(session, shift, sign_up, now)
    elif answer == DECLINE:
        offers.decline(session, shift, sign_up, now)
    else:
        offers.cancel(session, shift, sign_up, now, reason)


def _refuse_used(session: Session, link: Link, now: datetime) -> None:
    reason = reason_against(session, link, now)
    if reason:
        raise Refusal(Kind.CONFLICT, reason.slug, [reason])
