"""Nothing is lost and nothing is told twice, whatever mail servers, accounts and Kafka do."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from services.notifications.channels.delivery import PostOffice
from services.notifications.domain.pauses import MOST_REFUSALS, pause_after
from services.notifications.models import Delivery, Notice, TellsFrom
from shared.db import Database
from shared.ids import new_id
from tests.notifications.conftest import OfficeTo, React
from tests.notifications.events import (
    JENS,
    METTE,
    approved,
    cancelled,
    chairs,
    put_at_risk,
    refused,
    requested,
    shortage,
    tent,
)
from tests.notifications.parts import BookingDesk, Inbox, a_bad_server
from tests.support.town_hall import TownHall

MakeAllDue = Callable[[], None]
POLITE = {"HELLO": "220 hello", "DATA": "354 go on", "QUIT": "221 bye"}


def saying(**answers: str | None) -> Callable[[str], str | None]:
    """Polite, but for these commands."""
    return lambda command: {**POLITE, **answers}.get(command.partition(" ")[0].upper(), "250 ok")


def deliveries(database: Database) -> list[Delivery]:
    with database.read() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.fixture
def a_confirmation(react: React) -> None:
    react(requested(chairs()))
    react(approved(chairs()))


@pytest.mark.usefixtures("a_confirmation")
@pytest.mark.parametrize(
    ("trouble", "answers"),
    [
        ("a full disk", {"RCPT": "452 no room"}),
        ("greylisting", {"RCPT": "451 come back later"}),
        ("an outage", {"HELLO": "421 closing"}),
        ("silence from the start", {"HELLO": None}),
        ("silence in the middle", {"DATA": None}),
        ("a cut connection", {"DATA": ""}),
        ("a refused sender", {"MAIL": "550 who are you"}),
    ],
)
def test_a_troubled_server_delays_a_mail_and_loses_none(
    trouble: str, answers: dict, office_to: OfficeTo, inbox: Inbox, database: Database, make_all_due: MakeAllDue
) -> None:
    with a_bad_server(saying(**answers)) as server:
        office_to(server.port).work()
    (delivery,) = deliveries(database)
    assert (delivery.state, delivery.tries, delivery.refusals) == ("waiting", 1, 0)
    assert delivery.trouble
    make_all_due()
    office_to(inbox.smtp_port).work()
    assert [mail["subject"] for mail in inbox.mails()] == ["Booking 26-0042 er bekræftet"]
    assert deliveries(database)[0].state == "sent"


@pytest.mark.usefixtures("a_confirmation")
def test_a_server_that_is_away_is_tried_later(office_to: OfficeTo, database: Database) -> None:
    with a_bad_server(saying()) as server:
        port = server.port
    office_to(port).work()
    (delivery,) = deliveries(database)
    assert delivery.state == "waiting"
    assert "ConnectionRefused" in delivery.trouble
    with database.read() as session:
        assert session.scalar(text("SELECT due_at > now() FROM deliveries"))


def test_pauses_grow_up_to_a_quarter_of_an_hour() -> None:
    assert [pause_after(tries).total_seconds() for tries in (1, 2, 3, 8, 9, 1000)] == [5, 10, 20, 640, 900, 900]


def test_an_address_refused_for_good_is_given_up_and_the_others_go(
    react: React, office_to: OfficeTo, database: Database, make_all_due: MakeAllDue
) -> None:
    """Jens' address is dead. The server's words are kept, his address is not."""
    react(requested(chairs()))
    react(put_at_risk())

    def dead_for_jens(command: str) -> str | None:
        is_his = command.upper().startswith("RCPT") and "jens@" in command
        return "550 5.1.1 <jens@kommunity.example>: no such user" if is_his else saying()(command)

    with a_bad_server(dead_for_jens) as server:
        for _ in range(MOST_REFUSALS):
            office_to(server.port).work()
            make_all_due()
    states = {delivery.person_id: delivery for delivery in deliveries(database)}
    assert states[METTE].state == "sent"
    assert (states[JENS].state, states[JENS].tries) == ("failed", MOST_REFUSALS)
    assert "no such user" in states[JENS].trouble
    assert "jens@" not in states[JENS].trouble


@pytest.mark.usefixtures("a_confirmation")
def test_accounts_away_means_waiting(
    office: PostOffice, town_hall: TownHall, inbox: Inbox, make_all_due: MakeAllDue
) -> None:
    town_hall.is_away = True
    office.work()
    assert inbox.mails() == []
    town_hall.is_away = False
    make_all_due()
    office.work()
    assert len(inbox.mails()) == 1


@pytest.mark.usefixtures("a_confirmation")
def test_a_refused_service_token_is_renewed(
    office: PostOffice, town_hall: TownHall, inbox: Inbox, react: React
) -> None:
    office.work()
    town_hall.change_key()
    react(put_at_risk())
    office.work()
    assert len(inbox.mails()) == 4


def test_bookings_away_holds_up_only_the_mails_that_tell_reasons(
    react: React, office: PostOffice, desk: BookingDesk, inbox: Inbox, database: Database, make_all_due: MakeAllDue
) -> None:
    desk.write(requested(tent()), {tent(): "Teltet er til reparation."}, cancellation="Stormvarsel")
    react(requested(tent()))
    react(refused(tent(state="refused")))
    react(cancelled(tent()))
    react(approved(chairs()))
    desk.is_away = True
    office.work()
    assert sorted(mail["subject"] for mail in inbox.mails()) == [
        "Booking 26-0042 er aflyst – intet skal hentes",
        "Booking 26-0042 er bekræftet",
    ]
    assert [one.trouble for one in deliveries(database) if one.state == "waiting" and "bookings" in one.trouble]
    desk.is_away = False
    make_all_due()
    office.work()
    texts = "".join(mail["text"] for mail in inbox.mails())
    assert "Teltet er til reparation." in texts
    assert "Stormvarsel" in texts


def test_a_booking_that_is_gone_is_told_without_reasons(
    react: React, office: PostOffice, inbox: Inbox, database: Database
) -> None:
    react(requested(tent()))
    react(refused(tent(state="refused")))
    react(cancelled(tent()))
    office.work()
    assert {one.state for one in deliveries(database)} == {"sent"}
    assert "Begrundelse" not in "".join(mail["text"] for mail in inbox.mails())


def test_what_people_wrote_is_kept_nowhere(
    react: React, office: PostOffice, desk: BookingDesk, database: Database
) -> None:
    desk.write(requested(tent()), {tent(): "Teltet er til reparation."}, cancellation="Stormvarsel")
    react(requested(tent()))
    react(refused(tent(state="refused")))
    react(cancelled(tent()))
    office.work()
    with database.read() as session:
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        for table in tables:
            kept = "".join(session.scalars(text(f'SELECT t::text FROM "{table}" t')).all())
            assert "reparation" not in kept
            assert "Stormvarsel" not in kept


def test_an_erased_person_is_not_written_to(
    react: React, office: PostOffice, town_hall: TownHall, inbox: Inbox, database: Database
) -> None:
    town_hall.erase(METTE)
    react(requested(chairs()))
    react(put_at_risk())
    office.work()
    assert sorted(inbox.by_address()) == ["jens", "ole"]
    assert [one.state for one in deliveries(database) if one.person_id == METTE] == ["failed"]


def test_a_shortage_that_comes_before_its_booking_waits_for_it(
    react: React, office: PostOffice, inbox: Inbox, make_all_due: MakeAllDue
) -> None:
    react(shortage())
    office.work()
    assert sorted(inbox.by_address()) == ["ole"]
    react(requested(chairs()))
    make_all_due()
    office.work()
    assert sorted(inbox.by_address()) == ["jens", "mette", "ole"]


def test_an_event_that_comes_again_is_not_told_again(react: React, office: PostOffice, inbox: Inbox) -> None:
    """Even where the inbox table has forgotten it."""
    react(requested(chairs()))
    event_id = react(approved(chairs()))
    office.work()
    react(approved(chairs()), event_id)
    office.work()
    assert len(inbox.mails()) == 1


def test_the_past_read_anew_into_an_empty_database_sends_nothing(
    react: React, office: PostOffice, inbox: Inbox, database: Database
) -> None:
    long_ago = str(new_id())
    with database.begin() as session:
        session.add(TellsFrom())
    react(requested(chairs()), long_ago)
    react(approved(chairs()), long_ago)
    react(put_at_risk())
    office.work()
    assert {mail["subject"] for mail in inbox.mails()} == {
        "Der mangler noget til booking 26-0042",
        "Depotet mangler noget til booking 26-0042",
    }
    with database.read() as session:
        assert session.scalars(select(Notice.state).where(Notice.event_id == long_ago)).all() == ["silent"]


def test_several_workers_send_each_mail_once(react: React, office_to: OfficeTo, inbox: Inbox) -> None:
    react(requested(chairs()))
    for _ in range(12):
        react(approved(chairs()))
    workers = [threading.Thread(target=office_to(inbox.smtp_port).work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({mail["headers"]["message-id"] for mail in inbox.mails()}) == len(inbox.mails()) == 12


def test_a_mail_sent_again_after_a_crash_bears_the_same_id(
    react: React, office: PostOffice, inbox: Inbox, database: Database
) -> None:
    react(requested(chairs()))
    react(approved(chairs()))
    office.work()
    with database.begin() as session:
        session.execute(text("UPDATE deliveries SET state = 'waiting', due_at = now()"))
    office.work()
    first, second = (mail["headers"]["message-id"] for mail in inbox.mails())
    assert first == second
