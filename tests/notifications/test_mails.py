"""What people read: who hears of what, in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.notifications.channels.delivery import PostOffice
from tests.notifications.conftest import React
from tests.notifications.events import (
    EVERY_KIND,
    HANNE,
    METTE,
    approved,
    cancelled,
    chairs,
    half_a_hall,
    put_at_risk,
    refused,
    requested,
    tent,
)
from tests.notifications.parts import BookingDesk, Inbox

WHO_HEARS = {
    "BookingRequested": {"mette": 1, "hanne": 1, "ole": 1},
    "BookingApproved": {"mette": 1},
    "BookingRefused": {"mette": 1},
    "BookingCancelled": {"mette": 1, "ole": 1},
    "BookingPutAtRisk": {"mette": 1, "jens": 1, "ole": 1},
    "BookingSecured": {"mette": 1, "jens": 1},
    "BookingBecameOverdue": {"mette": 1},
    "MaterialsHandedOut": {"mette": 1},
    "MaterialsReturned": {"mette": 1},
    "ShortageReported": {"mette": 1, "jens": 1, "ole": 1},
}


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: type(event).__name__)
def test_each_event_reaches_those_whom_it_concerns(event, react: React, office: PostOffice, inbox: Inbox) -> None:
    react(requested(chairs(), tent()))
    react(event)
    office.work()
    heard = [mail["to"][0]["address"].partition("@")[0] for mail in inbox.mails()]
    assert {name: heard.count(name) for name in heard} == WHO_HEARS[type(event).__name__]
    for mail in inbox.mails():
        assert "26-0042" in mail["subject"]
        assert "https://kommunity.example/" in mail["text"]
        assert "https://kommunity.example/" in mail["html"]


def test_a_confirmation_says_what_where_when_and_why_not(
    react: React, office: PostOffice, inbox: Inbox, desk: BookingDesk
) -> None:
    desk.write(requested(chairs(), tent()), {tent(): "Teltet er til <b>reparation</b> & tørring."})
    react(requested(chairs(), tent()))
    react(approved(chairs(), half_a_hall(), tent(state="refused")))
    office.work()
    mail = inbox.by_address()["mette"]
    assert mail["subject"] == "Booking 26-0042 er bekræftet"
    for words in (
        "Hej Mette Holm",
        "Haarby Spejdergruppe",
        "- 40 stk Stabelstol",
        "\nAssens Materielgård\n",
        "Hent: fredag 13.08.2027 kl. 12.00",
        "Aflever senest: mandag 16.08.2027 kl. 10.00",
        "- Glamsbjerg Demohal, halvdel A: lørdag 14.08.2027 kl. 10.00–16.00",
        "- 1 stk Festtelt 6x12 m: Teltet er til <b>reparation</b> & tørring.",
        "/bookinger/00000000-0000-0000-0000-00000000002a",
    ):
        assert words in mail["text"]
    assert "Teltet er til &lt;b&gt;reparation&lt;/b&gt; &amp; tørring." in mail["html"]


def test_a_refusal_says_why(react: React, office: PostOffice, inbox: Inbox, desk: BookingDesk) -> None:
    desk.write(requested(chairs(), tent()), {tent(): "Teltet er til reparation.", chairs(): "Stolene males."})
    react(requested(chairs(), tent()))
    react(refused(chairs(state="refused"), tent(state="refused")))
    office.work()
    text = inbox.by_address()["mette"]["text"]
    assert "- 1 stk Festtelt 6x12 m: Teltet er til reparation." in text
    assert "- 40 stk Stabelstol: Stolene males." in text


@pytest.mark.parametrize(("person", "said"), [(METTE, "Begrundelse: Storm & regn"), (HANNE, "Reason: Storm & regn")])
def test_a_cancellation_says_why_in_the_readers_language(
    person, said: str, react: React, office: PostOffice, inbox: Inbox, desk: BookingDesk
) -> None:
    booking = replace(requested(chairs()), person_id=person)
    desk.write(booking, cancellation="Storm & regn")
    react(booking)
    react(cancelled(chairs()))
    office.work()
    mails = inbox.by_address()
    ole, (borrower,) = mails.pop("ole"), mails.values()
    assert said in borrower["text"]
    assert said.replace("&", "&amp;") in borrower["html"]
    assert "Storm" not in ole["text"]


def test_alternatives_are_named_when_a_booking_is_at_risk(react: React, office: PostOffice, inbox: Inbox) -> None:
    react(requested(chairs()))
    react(put_at_risk())
    office.work()
    text = inbox.by_address()["jens"]["text"]
    assert "Stabelstol: 40 er booket, 3 mangler." in text
    assert "37 stk Stabelstol" in text
    assert "40 Klapstol" in text
    assert "40 stk Stabelstol: fredag 20.08.2027 kl. 12.00 – mandag 23.08.2027 kl. 10.00" in text


def test_a_person_reads_her_own_language(react: React, office: PostOffice, inbox: Inbox) -> None:
    """Hanne manages the hall, and so its half; she reads English."""
    react(requested(half_a_hall(state="waiting")))
    office.work()
    mail = inbox.by_address()["hanne"]
    assert mail["subject"] == "Booking 26-0042 is waiting for your answer"
    assert "Glamsbjerg Demohal, halvdel A: Saturday 14.08.2027 at 10.00–16.00" in mail["text"]
    assert '<html lang="en">' in mail["html"]


def test_one_who_is_both_borrower_and_booker_hears_once(react: React, office: PostOffice, inbox: Inbox) -> None:
    react(requested(chairs()))
    react(put_at_risk())
    office.work()
    assert sorted(mail["to"][0]["address"] for mail in inbox.mails()) == [
        "jens@kommunity.example",
        "mette@kommunity.example",
        "ole@kommunity.example",
    ]
