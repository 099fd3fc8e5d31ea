"""What a shift that is called off, exchanged or moved means for those who had it: in their calendars, and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import icalendar
import pytest
from sqlalchemy import update

from services.notifications.channels.delivery import PostOffice
from services.volunteers.models import Seat
from shared.contracts import volunteers
from tests.notifications.events import JENS, METTE, OLE, SCOUTS
from tests.notifications.parts import Inbox
from tests.notifications.shifts import ShiftOffice
from tests.notifications.test_shift_mails import attached
from tests.volunteers.conftest import PLACES
from tests.volunteers.plans import plan, saved
from tests.volunteers.town import role

Mail = dict[str, Any]
Deliver = Callable[[], dict[str, Mail]]
KIOSK = {"title": "Kaffe og kiosk", "place": "Havnen"}


@pytest.fixture
def deliver(office: PostOffice, make_all_due: Callable[[], None], inbox: Inbox) -> Deliver:
    """What is new, told; the last mail to each."""

    def pass_the_time() -> dict[str, Mail]:
        inbox.clear()
        office.work()
        make_all_due()
        office.work()
        return inbox.by_address()

    return pass_the_time


def methods(calendars: list[icalendar.Calendar]) -> dict[str, str]:
    return {str(event["UID"]): str(one["METHOD"]) for one in calendars for event in one.walk("VEVENT")}


def uid(sign_up: dict[str, Any]) -> str:
    return f"{sign_up['id']}@kommunity"


def move(shift_office: ShiftOffice, title: str, *release: dict[str, Any], **values: Any) -> None:
    coordinator = shift_office.town.coordinator()
    with shift_office.database.begin() as session:
        for place in PLACES:
            session.merge(place)
    rows = plan(coordinator, **{"from": "2027-08-01", "to": "2027-08-31"})
    moved = [{**row, **values} for row in rows if row["title"] == title]
    saved(coordinator, *moved, release=[sign_up["id"] for sign_up in release])
    shift_office.tell_all()


def test_a_shift_that_is_called_off_leaves_the_calendars_of_those_who_were_in(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(roles=[role("Kiosk", 3)], **KIOSK)
    mine, group = shift_office.sign_up(METTE, shift), shift_office.group(JENS, SCOUTS, shift, 2)
    shift_office.sign_up(OLE, shift)
    before = {name: attached(inbox, mail) for name, mail in deliver().items()}
    body = {"ids": [str(shift.id)], "reason": "Storm"}
    assert shift_office.town.coordinator().post("/shifts/cancel", json=body).status_code == 200
    shift_office.tell_all()
    after = {name: attached(inbox, mail) for name, mail in deliver().items()}
    assert methods(after["mette"]) == {uid(mine): "CANCEL"}
    assert methods(after["jens"]) == {uid(group): "CANCEL"}
    assert after["ole"] == [], "he only waited"
    sequences = [calendars["mette"][0].walk("VEVENT")[0]["SEQUENCE"] for calendars in (before, after)]
    assert sequences[0] < sequences[1]


def test_an_exchange_takes_the_given_place_out_of_both_calendars(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    first, second = shift_office.town.shift(**KIOSK), shift_office.town.shift("2027-08-15T08:00", title="Oprydning")
    hers, his = shift_office.sign_up(METTE, first), shift_office.sign_up(JENS, second)
    mette, jens = shift_office.town.caller(METTE), shift_office.town.caller(JENS)
    body = {"email": "jens@kommunity.example", "in_exchange_shift_id": str(second.id)}
    asked = mette.post(f"/sign-ups/{hers['id']}/swaps", json=body)
    assert asked.status_code == 201, asked.json
    shift_office.tell_all()
    deliver()
    assert jens.post(f"/swaps/{asked.json['id']}/answer", json={"agree": True}).status_code == 200
    shift_office.tell_all()
    mails = deliver()
    got = {one.person_id: f"{one.sign_up_id}@kommunity" for one in swapped(shift_office)}
    assert methods(attached(inbox, mails["jens"])) == {got[JENS]: "PUBLISH", uid(his): "CANCEL"}
    assert methods(attached(inbox, mails["mette"])) == {got[METTE]: "PUBLISH", uid(hers): "CANCEL"}


def swapped(shift_office: ShiftOffice) -> list[volunteers.SignUpConfirmed]:
    return [event for event in shift_office.town.told(volunteers.SignUpConfirmed) if event.how == "swap"]


def test_whom_a_move_puts_off_hears_the_old_time_the_new_one_and_why(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    kiosk = shift_office.town.shift(roles=[role("Kiosk", 3)], **KIOSK)
    parking = shift_office.town.shift("2027-08-15T10:00", title="Parkering", place="Aarup", area="Aarup")
    hers, group = shift_office.sign_up(METTE, kiosk), shift_office.group(JENS, SCOUTS, kiosk, 1)
    name_on(shift_office, group, OLE)
    for person_id in (METTE, OLE):
        shift_office.sign_up(person_id, parking)
    deliver()
    move(shift_office, kiosk.title, hers, group, day="2027-08-15")
    mails = deliver()
    mette, ole = mails["mette"], mails["ole"]
    assert mette["subject"] == "Du er ikke længere på vagten: Kaffe og kiosk, 14.08.2027"
    for words in (
        "en anden vagt: Parkering, søndag 15.08.2027 kl. 10.00–14.00. Derfor er du taget af den.",
        "Før: lørdag 14.08.2027 kl. 08.00–12.00",
        "Ny tid: søndag 15.08.2027 kl. 08.00–12.00",
    ):
        assert words in mette["text"]
    assert "<s>lørdag 14.08.2027 kl. 08.00–12.00</s>" in mette["html"]
    assert methods(attached(inbox, mette)) == {uid(hers): "CANCEL"}
    assert "en anden vagt: Parkering" in ole["text"]
    assert "Ny tid: søndag" in ole["text"]
    assert "Før:" not in ole["text"], "of a group's place that is not known"


def name_on(shift_office: ShiftOffice, group: dict[str, Any], person_id: UUID) -> None:
    with shift_office.database.begin() as session:
        session.execute(update(Seat).where(Seat.sign_up_id == UUID(group["id"])).values(person_id=person_id))


def test_who_is_offered_a_place_by_a_move_hears_of_the_offer_alone(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    kiosk = shift_office.town.shift(roles=[role("Kiosk", 1)], **KIOSK)
    parking = shift_office.town.shift("2027-08-15T10:00", title="Parkering", place="Aarup", area="Aarup")
    hers = shift_office.sign_up(METTE, kiosk)
    for person_id, shift in ((METTE, parking), (OLE, kiosk), (JENS, kiosk)):
        shift_office.sign_up(person_id, shift)
    deliver()
    move(shift_office, kiosk.title, hers, day="2027-08-15")
    mails = deliver()
    assert len(inbox.mails()) == 3
    assert mails["ole"]["subject"] == "Der er plads til dig: Kaffe og kiosk, 15.08.2027"
    assert "Før: lørdag 14.08.2027 kl. 08.00–12.00" in mails["ole"]["text"]
    assert "Ny tid: søndag 15.08.2027 kl. 08.00–12.00" in mails["ole"]["text"]
    assert "Du står stadig på ventelisten." in mails["jens"]["text"]
