"""Whether a link from a mail can still be used, asked by who looks and again by who answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services.volunteers.domain.answered_links import ASKED_NO_MORE, against_cancel_link, against_offer_link
from services.volunteers.links import CANCEL, STOP_ASKING, Link
from services.volunteers.models.people import Volunteer
from services.volunteers.models.shifts import Shift
from services.volunteers.models.sign_ups import SignUp, has_arrived
from shared.errors import Reason, not_found


def reason_against(session: Session, link: Link, now: datetime) -> Reason | None:
    """None: it can be used. Raises Refusal (404) if it is about nothing that we have."""
    if link.purpose == STOP_ASKING:
        person = session.get(Volunteer, link.subject_id)
        return ASKED_NO_MORE if person and not person.may_be_asked else None
    sign_up = session.get(SignUp, link.subject_id)
    if sign_up is None:
        raise not_found("sign-up")
    shift = session.get_one(Shift, sign_up.shift_id)
    if link.purpose == CANCEL:
        return against_cancel_link(sign_up.state, shift.starts_at, has_arrived(session, sign_up.id), now)
    return against_offer_link(
        sign_up.state,
        sign_up.offer_until,
        sign_up.offer_number,
        link.offer_number,
        shift.state,
        shift.starts_at,
        now,
    )
