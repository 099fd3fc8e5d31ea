"""What volunteers read: offers at once, the rest together, nothing that is no longer so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import icalendar
import pytest
import requests
from sqlalchemy import select, text

from services.notifications.app import create_app
from services.notifications.channels.delivery import PostOffice
from services.volunteers import links
from services.volunteers.models import Hours, Seat, Shift, SignUp, Swap
from shared.actors import NOBODY
from shared.clock import local
from shared.contracts import volunteers
from shared.db import Database
from shared.ids import new_id
from tests.notifications.conftest import React
from tests.notifications.events import HANNE, JENS, METTE, OLE, SCOUTS, approved, chairs, requested
from tests.notifications.parts import Inbox
from tests.notifications.shifts import ShiftOffice
from tests.support.calendars import CHANGES_IN_2027, changes_of_the_clock
from tests.support.client import Caller
from tests.support.tokens import LocalKeys
from tests.volunteers.town import on, role

MakeAllDue = Callable[[], None]
PORTAL = "https://kommunity.example"
KIOSK = {"title": "Kaffe og kiosk", "bring": "Varmt tøj", "meeting_point": "Ved molen"}


@pytest.fixture
def deliver(office: PostOffice, make_all_due: MakeAllDue, inbox: Inbox) -> Callable[[], dict[str, dict[str, Any]]]:
    """All that is to be told, told; the last mail to each."""

    def pass_the_time() -> dict[str, dict[str, Any]]:
        office.work()
        make_all_due()
        office.work()
        return inbox.by_address()

    return pass_the_time


Deliver = Callable[[], dict[str, dict[str, Any]]]


def attached(inbox: Inbox, mail: dict[str, Any]) -> list[icalendar.Calendar]:
    files = [
        requests.get(f"{inbox.url}/email/{mail['id']}/attachment/{one['generatedFileName']}", timeout=5)
        for one in mail.get("attachments") or []
    ]
    return [icalendar.Calendar.from_ical(file.text) for file in files]


def moved(shift: Shift, sign_up_id: str, *people: UUID) -> volunteers.SignUpMoved:
    starts_at, ends_at = on("2027-08-15T09:00"), on("2027-08-15T13:00")
    return volunteers.SignUpMoved(
        shift.id, UUID(sign_up_id), people, shift.starts_at, shift.ends_at, starts_at, ends_at, place_changed=True
    )


def test_an_offer_is_told_at_once_with_one_big_button_and_no_pressure(
    shift_office: ShiftOffice, office: PostOffice, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(roles=[role("Kiosk", 1)], **KIOSK)
    first = shift_office.sign_up(METTE, shift)
    shift_office.sign_up(JENS, shift)
    shift_office.cancel(METTE, first)
    office.work()
    (offer,) = shift_office.town.told(volunteers.SignUpOffered)
    (mail,) = inbox.mails()
    assert mail["subject"] == "Der er plads til dig: Kaffe og kiosk, 14.08.2027"
    for words in (
        "Hej Jens Friis",
        "Der er blevet en plads, og den er din, hvis du vil have den.",
        f"Svar senest mandag 02.08.2027 kl. {local(offer.offer_until):%H.%M}.",
        "Tid: lørdag 14.08.2027 kl. 08.00–12.00",
        "Sted: Assens Havneplads",
        "Mødested: Ved molen",
        "Svarer du ikke, går pladsen videre til den næste på ventelisten. Det er helt i orden",
    ):
        assert words in mail["text"]
    (token,) = re.findall(rf"{PORTAL}/tilbud/(\S+)", mail["text"])
    assert links.read(token).purpose == links.OFFER
    assert mail["html"].count("<a ") == 1
    assert "Tag vagten" in mail["html"]


def test_a_move_shows_old_and_new_and_one_tap_says_no(
    shift_office: ShiftOffice, react: React, deliver: Deliver, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(**KIOSK)
    mine = shift_office.sign_up(HANNE, shift)
    deliver()
    react(moved(shift, mine["id"], HANNE))
    mail = deliver()["hanne"]
    assert mail["subject"] == "The shift has moved: Kaffe og kiosk, 14.08.2027"
    assert "Before: Saturday 14.08.2027 at 08.00–12.00" in mail["text"]
    assert "New time: Sunday 15.08.2027 at 09.00–13.00" in mail["text"]
    assert "New place: Assens Havneplads" in mail["text"]
    (token,) = re.findall(rf"I cannot come after all:\n{PORTAL}/afbud/(\S+)", mail["text"])
    assert links.read(token) == (links.CANCEL, UUID(mine["id"]), 0)


def test_a_move_tells_who_waits_and_who_holds_an_offer_how_they_stand(
    shift_office: ShiftOffice, react: React, deliver: Deliver
) -> None:
    shift = shift_office.town.shift(roles=[role("Kiosk", 1)], **KIOSK)
    first = shift_office.sign_up(METTE, shift)
    offered, waiting = shift_office.sign_up(JENS, shift), shift_office.sign_up(OLE, shift)
    shift_office.cancel(METTE, first)
    deliver()
    react(moved(shift, offered["id"], JENS))
    react(moved(shift, waiting["id"], OLE))
    mails = deliver()
    assert "Du står stadig på ventelisten." in mails["ole"]["text"]
    assert "/tilbud/" not in mails["ole"]["text"]
    (offer,) = shift_office.town.told(volunteers.SignUpOffered)
    until = f"{local(offer.offer_until):%d.%m.%Y kl. %H.%M}"
    assert re.search(rf"Tilbuddet til dig gælder stadig\. Svar senest \w+ {re.escape(until)}\.", mails["jens"]["text"])
    (token,) = re.findall(rf"Tag vagten:\n{PORTAL}/tilbud/(\S+)", mails["jens"]["text"])
    assert links.read(token).purpose == links.OFFER
    assert "Tag vagten" in mails["jens"]["html"]


def test_the_gravest_of_several_pieces_of_news_leads(shift_office: ShiftOffice, react: React, deliver: Deliver) -> None:
    called_off = shift_office.town.shift("2027-08-16T08:00", **KIOSK)
    for shift in (shift_office.town.shift(**KIOSK), called_off):
        shift_office.sign_up(METTE, shift)
    shift_office.change(Shift, called_off.id, state="cancelled", cancel_reason="Storm")
    react(volunteers.ShiftCancelled(called_off.id, (METTE,)))
    assert deliver()["mette"]["subject"] == "Vagten er aflyst: Kaffe og kiosk, 16.08.2027 – og 1 nyhed mere"


@pytest.mark.parametrize(("when", "said"), [("before", "Husk din vagt"), ("today", "Du har en vagt i dag")])
def test_a_reminder_brings_the_shift_for_the_calendar(
    when: str, said: str, shift_office: ShiftOffice, react: React, deliver: Deliver, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(**{**KIOSK, "title": "Kaffe og kiosk\r\nEND:VEVENT"})
    mine = shift_office.sign_up(METTE, shift)
    deliver()
    react(volunteers.ReminderDue(shift.id, UUID(mine["id"]), (METTE,), when))
    mail = deliver()["mette"]
    assert mail["subject"] == f"{said}: Kaffe og kiosk END:VEVENT, 14.08.2027"
    (calendar,) = attached(inbox, mail)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"], event["STATUS"]) == ("PUBLISH", f"{mine['id']}@kommunity", "CONFIRMED")
    assert event.start == shift.starts_at
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert local(event.start).hour == 8
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Copenhagen"]
    assert event["LOCATION"] == "Assens Havneplads, Ved molen"
    assert (event["SUMMARY"], len(calendar.walk("VEVENT"))) == ("Kaffe og kiosk END:VEVENT", 1)


def test_who_reads_english_is_told_the_organiser_and_the_insurance_in_english(
    shift_office: ShiftOffice, deliver: Deliver
) -> None:
    shift_office.sign_up(HANNE, shift_office.town.shift(**KIOSK))
    mail = deliver()["hanne"]
    assert "Organiser: the municipality\nInsurance: the municipality's insurance\n" in mail["text"]
    assert "the municipality&#39;s insurance" in mail["html"]


def test_the_calendar_in_a_mail_and_the_feed_tell_one_event(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    evil = "Varmt tøj\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil"
    shift = shift_office.town.shift("2027-10-31T00:30", 4, sequence=3, **{**KIOSK, "bring": evil})
    shift_office.sign_up(METTE, shift)
    (calendar,) = attached(inbox, deliver()["mette"])
    token = shift_office.town.caller(METTE).post("/feeds", json={"kind": "person", "subject": ""}).json["token"]
    feed = icalendar.Calendar.from_ical(shift_office.town.anybody().get(f"/feeds/{token}.ics").get_data())
    (mailed,), (fed,) = calendar.walk("VEVENT"), feed.walk("VEVENT")
    for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS"):
        assert mailed[name] == fed[name]
    assert mailed["SEQUENCE"] > 3
    assert changes_of_the_clock(calendar) == changes_of_the_clock(feed) == CHANGES_IN_2027


def test_several_pieces_of_news_become_one_mail_and_an_offer_does_not_wait_for_it(
    shift_office: ShiftOffice, office: PostOffice, inbox: Inbox, make_all_due: MakeAllDue
) -> None:
    for day in ("14", "15", "16"):
        shift_office.sign_up(METTE, shift_office.town.shift(f"2027-08-{day}T08:00", **KIOSK))
    full = shift_office.town.shift("2027-08-17T08:00", roles=[role("Kiosk", 1)], **KIOSK)
    first = shift_office.sign_up(JENS, full)
    shift_office.sign_up(METTE, full)
    shift_office.cancel(JENS, first)
    office.work()
    assert [mail["subject"] for mail in inbox.mails()] == ["Der er plads til dig: Kaffe og kiosk, 17.08.2027"]
    make_all_due()
    office.work()
    digest = inbox.mails()[1]
    assert digest["subject"] == "3 nyheder om dine vagter"
    lines = digest["text"].splitlines()
    for day in ("14", "15", "16"):
        assert lines[lines.index(f"Du har vagten: Kaffe og kiosk, {day}.08.2027") + 1] == "=" * 41
        assert f"Du har vagten: Kaffe og kiosk, {day}.08.2027</h2>" in digest["html"]
    assert digest["text"].count("Hej Mette Holm") == 1
    assert len(attached(inbox, digest)) == 3
    receipts = [mail["subject"] for mail in inbox.mails()[2:]]
    assert receipts == ["Du har meldt afbud: Kaffe og kiosk, 17.08.2027"], "of the place itself he hears nothing more"


def test_what_is_no_longer_so_is_not_told(
    shift_office: ShiftOffice, react: React, deliver: Deliver, database: Database, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(roles=[role("Kiosk", 1)])
    first = shift_office.sign_up(METTE, shift)
    waiting = shift_office.sign_up(JENS, shift)
    offer_until = on("2027-08-02T11:00")
    role_id = UUID(waiting["role_id"])
    react(volunteers.SignUpOffered(shift.id, UUID(waiting["id"]), role_id, JENS, 1, 1, offer_until))
    shift_office.change(SignUp, first["id"], state="cancelled")
    shift_office.change(SignUp, waiting["id"], state="lapsed")
    deliver()
    assert inbox.mails() == []
    with database.read() as session:
        assert set(session.scalars(text("SELECT state FROM deliveries"))) == {"overtaken"}
    assert Caller(create_app(keys=LocalKeys(), database=database), JENS).get("/messages").json["messages"] == []


def test_of_a_shift_that_is_called_off_only_that_is_told(
    shift_office: ShiftOffice, react: React, deliver: Deliver, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(**KIOSK)
    mine = shift_office.sign_up(METTE, shift)
    react(moved(shift, mine["id"], METTE))
    shift_office.change(Shift, shift.id, state="cancelled", cancel_reason="Stormvarsel & regn")
    react(volunteers.ShiftCancelled(shift.id, (METTE, JENS)))
    mails = deliver()
    assert sorted(mails) == ["jens", "mette"]
    assert len(inbox.mails()) == 2
    assert mails["mette"]["subject"] == "Vagten er aflyst: Kaffe og kiosk, 14.08.2027"
    assert "Begrundelse: Stormvarsel & regn" in mails["mette"]["text"]
    assert "Stormvarsel &amp; regn" in mails["mette"]["html"]


@pytest.fixture
def heard(react: React, deliver: Deliver, inbox: Inbox) -> Callable[[Any], dict[str, str]]:
    """The text that each person gets of an event."""

    def tell(event: Any) -> dict[str, str]:
        inbox.clear()
        react(event)
        return {name: "\n".join(mail["text"].splitlines()) for name, mail in deliver().items()}

    return tell


Heard = Callable[[Any], dict[str, str]]


def test_who_is_out_hears_it_unless_she_said_so_herself(shift_office: ShiftOffice, heard: Heard) -> None:
    shift = shift_office.town.shift(**KIOSK)
    mine, role_id = UUID(shift_office.sign_up(METTE, shift)["id"]), shift.roles[0].id

    def cancelled(by: str, was: str, *people: UUID) -> volunteers.SignUpCancelled:
        return volunteers.SignUpCancelled(shift.id, mine, role_id, METTE, 1, was, by, False, people)

    released = heard(cancelled("coordinator", "confirmed", METTE))["mette"]
    assert "har taget dig af den. Du skal ikke møde." in released
    assert "har taget dig af ventelisten." in heard(cancelled("coordinator", "waiting", METTE))["mette"]
    assert "Whoever signed you up has cancelled." in heard(cancelled("volunteer", "confirmed", HANNE))["hanne"]
    assert heard(cancelled("swap", "confirmed")) == {}
    lapsed = heard(volunteers.SignUpLapsed(shift.id, mine, role_id, METTE, False))["mette"]
    assert "Du står ikke længere på ventelisten" in lapsed
    assert heard(volunteers.SignUpLapsed(shift.id, mine, role_id, METTE, True)) == {}


def test_who_may_not_be_fit_any_more_hears_why(shift_office: ShiftOffice, heard: Heard) -> None:
    shift = shift_office.town.shift(**KIOSK)
    mine = UUID(shift_office.sign_up(METTE, shift)["id"])
    flagged = volunteers.SignUpFlagged(shift.id, mine, (METTE,), ("too-young",))
    assert "- Du skal" not in heard(flagged)["mette"], "it was put right before the mail went out"
    shift_office.change(SignUp, mine, flags=["too-young"])
    shift_office.change(Shift, shift.id, minimum_age=99)
    assert "- Du skal være fyldt 99 år den dag." in heard(flagged)["mette"]


def test_a_group_and_whom_it_names_hear_what_is_theirs(
    shift_office: ShiftOffice, heard: Heard, deliver: Deliver
) -> None:
    shift = shift_office.town.shift(**KIOSK)
    group = UUID(shift_office.group(JENS, SCOUTS, shift, 2)["id"])
    assert "Det er 2 pladser til Haarby Spejdergruppe." in deliver()["jens"]["text"]
    event = volunteers.SeatNamed(shift.id, group, new_id(), OLE)
    assert heard(event) == {}, "the name was taken off before the mail went out"
    name_on_a_seat(shift_office, OLE)
    named = heard(replace(event, seat_id=new_id()))["ole"]
    assert "Haarby Spejdergruppe har sat dig på en af sine pladser." in named
    assert "/afbud/" not in named


def name_on_a_seat(shift_office: ShiftOffice, person_id: UUID | None) -> None:
    with shift_office.database.begin() as session:
        seat = session.scalars(select(Seat).order_by(Seat.id)).first()
        assert seat
        seat.person_id = person_id


def test_whose_name_is_taken_off_a_place_hears_it_unless_she_did_it(shift_office: ShiftOffice, heard: Heard) -> None:
    shift = shift_office.town.shift(**KIOSK)
    group = UUID(shift_office.group(JENS, SCOUTS, shift, 2)["id"])
    event = volunteers.SeatUnnamed(shift.id, group, new_id(), OLE, by_herself=False)
    gone = heard(event)["ole"]
    assert "Haarby Spejdergruppe har taget dit navn af en af sine pladser. Du skal ikke møde for den." in gone
    name_on_a_seat(shift_office, OLE)
    assert heard(replace(event, seat_id=new_id())) == {}, "she is on it again"
    assert heard(volunteers.SeatUnnamed(shift.id, group, new_id(), HANNE, by_herself=True)) == {}


@pytest.mark.parametrize(("who", "said"), [(JENS, "Dit afbud er noteret."), (HANNE, "You have left the waiting list")])
def test_who_calls_off_or_leaves_the_line_gets_a_receipt(
    who: UUID, said: str, shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(roles=[role("Kiosk", 1)], **KIOSK)
    places = {person_id: shift_office.sign_up(person_id, shift) for person_id in (JENS, HANNE)}
    deliver()
    inbox.clear()
    shift_office.cancel(who, places[who])
    [mail] = [mail for mail in deliver().values() if said in mail["text"]]
    files = attached(inbox, mail)
    if who is HANNE:
        assert files == [], "what only waited was in no calendar"
        return
    [event] = files[0].walk("VEVENT")
    assert (files[0]["METHOD"], event["STATUS"], event["UID"]) == (
        "CANCEL",
        "CANCELLED",
        f"{places[who]['id']}@kommunity",
    )


def test_a_cancellation_counts_higher_in_the_calendar_than_the_place(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    mine = shift_office.sign_up(JENS, shift_office.town.shift(**KIOSK))
    [before] = attached(inbox, deliver()["jens"])
    inbox.clear()
    shift_office.cancel(JENS, mine)
    [after] = attached(inbox, deliver()["jens"])
    assert after.walk("VEVENT")[0]["SEQUENCE"] > before.walk("VEVENT")[0]["SEQUENCE"]


def test_both_hear_of_a_swap_that_lapsed_and_who_asked_learns_nothing_of_the_other(
    shift_office: ShiftOffice, heard: Heard, deliver: Deliver
) -> None:
    shift = shift_office.town.shift(**KIOSK)
    mine = UUID(shift_office.sign_up(METTE, shift)["id"])
    deliver()
    said = []
    for other in (JENS, None):
        swap_id = new_id()
        with shift_office.database.begin() as session:
            lapsed = Swap(id=swap_id, sign_up_id=mine, to_person_id=other or NOBODY, state="lapsed")
            lapsed.asked_at = shift.created_at
            session.add(lapsed)
        mails = heard(volunteers.SwapLapsed(shift.id, swap_id, mine, METTE, other))
        assert ("Det er ikke aktuelt mere" in mails.get("jens", "")) == (other is JENS)
        said.append(mails["mette"])
    assert "byttet er bortfaldet. Du har stadig vagten." in said[0]
    assert said[0] == said[1]


def test_a_contact_is_told_with_telephone_to_those_who_are_in_and_to_nobody_else(
    shift_office: ShiftOffice, heard: Heard, deliver: Deliver, inbox: Inbox
) -> None:
    contact = {"contact_name": "Bodil", "contact_phone": "12 34 56 78", "contact_email": "bodil@kommunity.example"}
    shift = shift_office.town.shift(**KIOSK, **contact)
    mine = shift_office.sign_up(METTE, shift)
    mail = deliver()["mette"]
    assert "Kontakt: Bodil, 12 34 56 78, bodil@kommunity.example" in mail["text"]
    [calendar] = attached(inbox, mail)
    assert "12 34 56 78" in calendar.walk("VEVENT")[0]["DESCRIPTION"]
    swap_id = new_id()
    with shift_office.database.begin() as session:
        swap = Swap(id=swap_id, sign_up_id=UUID(mine["id"]), to_person_id=JENS, state="asked")
        swap.asked_at = shift.created_at
        session.add(swap)
    asked = heard(volunteers.SwapAsked(shift.id, swap_id, UUID(mine["id"]), METTE, JENS, None))["jens"]
    assert "Kontakt: Bodil" in asked
    assert "12 34" not in asked


def test_a_swap_is_asked_and_agreed_to_by_name_and_refused_without(
    shift_office: ShiftOffice, heard: Heard, deliver: Deliver
) -> None:
    shift, other = shift_office.town.shift(**KIOSK), shift_office.town.shift("2027-08-15T08:00", title="Oprydning")
    mine, theirs = (UUID(shift_office.sign_up(*pair)["id"]) for pair in ((METTE, shift), (JENS, other)))
    ids = []
    for in_exchange in (None, theirs):
        with shift_office.database.begin() as session:
            swap = Swap(id=new_id(), sign_up_id=mine, to_person_id=JENS, in_exchange_id=in_exchange)
            swap.in_exchange_shift_id = other.id if in_exchange else None
            swap.state, swap.asked_at = "asked" if in_exchange else "lapsed", shift.created_at
            session.add(swap)
            ids.append(swap.id)
    gone, swap_id = ids
    deliver()
    assert heard(volunteers.SwapAsked(shift.id, gone, mine, METTE, JENS, None)) == {}
    asked = heard(volunteers.SwapAsked(shift.id, swap_id, mine, METTE, JENS, other.id))["jens"]
    assert "Mette Holm vil gerne bytte vagt med dig. Du får:\n\nVagt: Kaffe og kiosk" in asked
    assert "Du giver:\n\nVagt: Oprydning" in asked
    assert f"{PORTAL}/bytte/{swap_id}" in asked
    yes, no = (volunteers.SwapAnswered(shift.id, swap_id, mine, METTE, JENS, agreed) for agreed in (True, False))
    assert "Jens Friis siger ja til at bytte." in heard(yes)["mette"]
    refused = heard(no)["mette"]
    assert "Den anden siger nej tak. Du har stadig vagten." in refused
    assert "Jens" not in refused


def test_who_is_asked_to_help_can_stop_being_asked(shift_office: ShiftOffice, heard: Heard) -> None:
    shift = shift_office.town.shift(**KIOSK)
    asked = heard(volunteers.VolunteerAsked(shift.id, HANNE))["hanne"]
    assert "It is quite all right not to." in asked
    (token,) = re.findall(rf"Do not ask me again:\n{PORTAL}/nej-tak/(\S+)", asked)
    assert links.read(token) == (links.STOP_ASKING, HANNE, 0)


def test_a_question_about_hours_is_told_as_it_was_asked(
    shift_office: ShiftOffice, heard: Heard, deliver: Deliver
) -> None:
    shift = shift_office.town.shift(**KIOSK)
    mine = shift_office.sign_up(METTE, shift)
    deliver()
    seat = shift_office.town.query("SELECT id FROM seats WHERE sign_up_id = :id", id=mine["id"])[0].id
    told = {"minutes": 210, "proposed_minutes": 240, "state": "questioned", "question": "Var du der til 12?"}
    stamps = {"worked_at": shift.starts_at, "updated_at": shift.created_at}
    with shift_office.database.begin() as session:
        session.add(Hours(seat_id=seat, shift_id=shift.id, person_id=METTE, decided_by=None, **told, **stamps))
    questioned = heard(volunteers.HoursQuestioned(shift.id, seat, METTE))["mette"]
    assert "har et spørgsmål til dine timer (3 t. 30 min.):" in questioned
    assert "Var du der til 12?" in questioned


def test_a_small_crew_is_told_to_who_plans_the_shift(
    shift_office: ShiftOffice, react: React, deliver: Deliver, inbox: Inbox, town_hall: Any
) -> None:
    """The shift's contact; else the association that organises it; else the municipality's coordinators."""
    town_hall.make_staff(town_hall.add("Sofie Juul"), "volunteer_coordinator", "municipality", None)
    told = []
    for values in ({"contact_id": OLE}, {"organiser_id": SCOUTS}, {}):
        inbox.clear()
        shift = shift_office.town.shift(roles=[role("Kiosk", 5, 3)], **values)
        react(volunteers.ShiftUnderstaffed(shift.id, values.get("contact_id"), 0, 3))
        told.append(deliver())
    assert [sorted(mails) for mails in told] == [["ole"], ["jens", "mette"], ["sofie"]]
    assert "0 er tilmeldt. Der skal være mindst 3." in told[2]["sofie"]["text"]
    assert f"{PORTAL}/hold/vagter/" in told[2]["sofie"]["text"]


def test_volunteers_away_holds_up_only_mails_about_shifts(
    shift_office: ShiftOffice, office: PostOffice, react: React, deliver: Deliver, inbox: Inbox
) -> None:
    shift_office.sign_up(METTE, shift_office.town.shift(**KIOSK))
    react(requested(chairs()))
    react(approved(chairs()))
    shift_office.is_away = True
    assert [mail["subject"] for mail in deliver().values()] == ["Booking 26-0042 er bekræftet"]
    shift_office.is_away = False
    deliver()
    assert inbox.by_address()["mette"]["subject"] == "Du har vagten: Kaffe og kiosk, 14.08.2027"


def test_news_that_cannot_be_written_holds_up_no_other(
    shift_office: ShiftOffice, deliver: Deliver, database: Database, inbox: Inbox
) -> None:
    for day in ("14", "15", "16"):
        shift_office.sign_up(METTE, shift_office.town.shift(f"2027-08-{day}T08:00"))
    with database.begin() as session:
        first = session.scalar(text("SELECT id FROM notices ORDER BY id LIMIT 1"))
        session.execute(text("UPDATE notices SET payload = payload - 'how' WHERE id = :id"), {"id": first})
    deliver()
    deliver()
    assert len(inbox.mails()) == 2
    with database.read() as session:
        states = session.execute(text("SELECT state, trouble FROM deliveries ORDER BY id")).all()
    assert [row.state for row in states] == ["waiting", "sent", "sent"]
    assert "Error" in states[0].trouble


def test_a_digest_sent_again_after_a_crash_is_the_same_mail(
    shift_office: ShiftOffice, deliver: Deliver, database: Database, inbox: Inbox
) -> None:
    for day in ("14", "15"):
        shift_office.sign_up(METTE, shift_office.town.shift(f"2027-08-{day}T08:00"))
    deliver()
    with database.begin() as session:
        session.execute(text("UPDATE deliveries SET state = 'waiting'"))
    shift_office.sign_up(METTE, shift_office.town.shift("2027-08-16T08:00"))
    deliver()
    ids = [mail["headers"]["message-id"] for mail in inbox.mails()]
    assert sorted(ids.count(one) for one in set(ids)) == [1, 2]


def test_the_past_read_anew_sends_nothing(
    shift_office: ShiftOffice, react: React, deliver: Deliver, database: Database, inbox: Inbox
) -> None:
    long_ago = str(new_id())
    with database.begin() as session:
        session.execute(text("UPDATE tells_from SET since = now() + interval '1 hour'"))
        session.execute(
            text("INSERT INTO tells_from SELECT now() + interval '1 hour' WHERE NOT EXISTS (SELECT 1 FROM tells_from)")
        )
    react(volunteers.VolunteerAsked(shift_office.town.shift().id, METTE), long_ago)
    deliver()
    assert inbox.mails() == []


def test_a_person_finds_what_she_was_told_of_a_shift(
    shift_office: ShiftOffice, deliver: Deliver, database: Database
) -> None:
    shift = shift_office.town.shift(**KIOSK)
    shift_office.sign_up(METTE, shift)
    mette = Caller(create_app(keys=LocalKeys(), database=database), METTE)
    (waiting,) = mette.get("/messages").json["messages"] or [{"subject": "Du har vagten: en vagt"}]
    assert waiting["subject"] == "Du har vagten: en vagt"
    deliver()
    (message,) = mette.get(f"/messages?shift_id={shift.id}").json["messages"]
    assert message["subject"] == "Du har vagten: Kaffe og kiosk, 14.08.2027"
    assert (message["shift_id"], message["booking_id"], message["state"]) == (str(shift.id), None, "sent")
    assert mette.get(f"/messages?shift_id={uuid4()}").json["messages"] == []
