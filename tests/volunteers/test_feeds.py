"""Calendars: who gets which, what stands in them, and that a real calendar client reads them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy import text
from werkzeug.serving import make_server

from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.tokens import token
from tests.volunteers.test_browsing import take
from tests.volunteers.town import Town, role

CAUSE = natural_id("cause", "Skolehaven")


def subscribe(caller: Caller, kind: str = "person", subject: str = "") -> str:
    answer = caller.post("/feeds", json={"kind": kind, "subject": subject})
    assert answer.status_code == 201, answer.text
    return f"/feeds/{answer.json['token']}.ics"


def events(town: Town, address: str) -> dict[str, Any]:
    """By UID, read with icalendar."""
    answer = town.anybody().get(address)
    assert answer.status_code == 200
    return {str(one["UID"]): one for one in Calendar.from_ical(answer.data).events}


def only(town: Town, address: str) -> Any:
    [event] = events(town, address).values()
    return event


def change(town: Town, sql: str, **values: Any) -> None:
    with town.database.begin() as session:
        session.execute(text(sql), values)


def test_my_feed_follows_a_sign_up_from_the_line_to_the_end(town: Town) -> None:
    shift = town.shift(roles=[role("Kiosk", 1)])
    first, me = town.caller(), town.caller()
    other = take(first, shift).json
    address = subscribe(me)
    assert events(town, address) == {}

    mine = take(me, shift).json
    waiting = only(town, address)
    assert (waiting["SUMMARY"], waiting["STATUS"], waiting["TRANSP"]) == (
        "Venteliste: Opstilling til havnefest",
        "TENTATIVE",
        "TRANSPARENT",
    )
    first.post(f"/sign-ups/{other['id']}/cancel", version=other["version"], json={})
    offered = only(town, address)
    assert offered["SUMMARY"] == "Tilbud til dig: Opstilling til havnefest"
    now = me.get(f"/shifts/{shift.id}").json["mine"]
    mine = me.post(f"/sign-ups/{mine['id']}/accept", version=now["version"]).json
    confirmed = only(town, address)
    assert (confirmed["STATUS"], confirmed["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert "Opgave: Kiosk" in confirmed["DESCRIPTION"]
    assert confirmed["URL"].endswith(f"/mine-vagter/{mine['id']}")
    me.post(f"/sign-ups/{mine['id']}/cancel", version=mine["version"], json={})
    cancelled = only(town, address)
    assert cancelled["STATUS"] == "CANCELLED"

    told = [waiting, offered, confirmed, cancelled]
    assert len({event["UID"] for event in told}) == 1
    sequences = [event["SEQUENCE"] for event in told]
    assert sequences == sorted(set(sequences))


def test_a_moved_shift_keeps_its_uid_and_raises_its_sequence(town: Town) -> None:
    shift = town.shift()
    address = subscribe(town.caller(), "area", "Assens")
    before = only(town, address)
    change(town, "UPDATE shifts SET place = 'Assens', sequence = sequence + 1 WHERE id = :id", id=shift.id)
    after = only(town, address)
    assert before["UID"] == after["UID"] == f"{shift.id}@kommunity"
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LOCATION"] == "Assens"


def test_what_is_called_off_stands_for_ninety_days(town: Town) -> None:
    shift = town.shift("2027-12-01T08:00", state="cancelled", cancel_reason="Storm")
    address = subscribe(town.caller(), "organiser", "Kommunen")
    event = only(town, address)
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Aflyst: Opstilling til havnefest")
    assert "Begrundelse: Storm" in event["DESCRIPTION"]
    change(town, "UPDATE shifts SET changed_at = changed_at - interval '91 days' WHERE id = :id", id=shift.id)
    assert events(town, address) == {}


def test_drafts_and_others_are_in_no_feed(town: Town) -> None:
    town.shift(state="draft")
    town.shift(area="Aarup")
    mine = town.shift(title="I Assens", cause="Skolehaven", cause_id=CAUSE)
    reader = town.caller()
    for kind, subject in (("area", "Assens"), ("cause", str(CAUSE))):
        assert list(events(town, subscribe(reader, kind, subject))) == [f"{mine.id}@kommunity"]
    assert events(town, subscribe(reader)) == {}


def test_a_revoked_address_and_one_that_never_was_show_nothing(town: Town) -> None:
    reader = town.caller()
    address = subscribe(reader)
    [feed] = reader.get("/feeds").json["items"]
    assert town.caller().delete(f"/feeds/{feed['id']}").status_code == 404
    assert town.anybody().get(address).status_code == 200
    assert reader.delete(f"/feeds/{feed['id']}").status_code == 204
    assert town.anybody().get(address).status_code == 404
    assert town.anybody().get("/feeds/guessed.ics").status_code == 404
    assert reader.delete(f"/feeds/{feed['id']}").status_code == 404
    assert reader.get("/feeds").json["items"] == []


def test_the_database_gives_no_address_away(town: Town) -> None:
    """Not in the feeds, and not in answers kept for repeated requests."""
    token = subscribe(town.caller()).removeprefix("/feeds/").removesuffix(".ics")
    tables = [row.tablename for row in town.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    dump = "".join(str(town.query(f'SELECT t::text FROM "{table}" t')) for table in tables)
    assert token not in dump
    assert token.encode().hex() not in dump


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("area", "Månen"), ("area", ""), ("organiser", "Ingen"), ("cause", "x"), ("cause", str(CAUSE)), ("person", "x")],
)
def test_a_feed_of_nothing_is_refused(town: Town, kind: str, subject: str) -> None:
    answer = town.caller().post("/feeds", json={"kind": kind, "subject": subject})
    assert answer.status_code == 422
    assert slugs(answer) == ["unknown-subject"]


def test_a_feed_of_no_cause_is_none_of_shifts_without_one(town: Town) -> None:
    town.shift()
    for subject in ("x", "", "00000000"):
        answer = town.caller().post("/feeds", json={"kind": "cause", "subject": subject})
        assert (answer.status_code, slugs(answer)) == (422, ["unknown-subject"])


def test_a_service_has_no_feeds(town: Town) -> None:
    service = Caller(town.app)
    service.headers["Authorization"] = f"Bearer {token(UUID(int=0), service='notifications')}"
    assert service.post("/feeds", json={"kind": "person"}).status_code == 403


def test_nobody_needs_more_than_fifty_feeds(town: Town) -> None:
    reader = town.caller()
    for _ in range(50):
        subscribe(reader)
    assert slugs(reader.post("/feeds", json={"kind": "person"})) == ["too-many-feeds"]


def test_an_unchanged_feed_is_not_sent_again(town: Town) -> None:
    town.shift()
    address = subscribe(town.caller(), "area", "Assens")
    answer = town.anybody().get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert town.anybody().get(address, headers=etag).status_code == 304
    town.shift(title="Ny")
    assert town.anybody().get(address, headers=etag).status_code == 200


def test_a_feed_speaks_the_language_of_who_made_it(town: Town) -> None:
    shift = town.shift(bring="Handsker")
    reader = town.caller(language="en")
    take(reader, shift)
    address = subscribe(reader)
    assert "Bring: Handsker" in only(town, address)["DESCRIPTION"]
    assert b"X-WR-CALNAME:My shifts" in town.anybody().get(address).data


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028"])
def test_nobody_writes_lines_into_others_calendars(town: Town, newline: str) -> None:
    evil = f"Kaffe{newline}END:VEVENT{newline}BEGIN:VEVENT{newline}UID:evil"
    town.shift(title=evil, place=evil, meeting_point=evil, area="Assens")
    raw = town.anybody().get(subscribe(town.caller(), "area", "Assens")).data
    assert raw.count(b"BEGIN:VEVENT") - raw.count(b"\\nBEGIN:VEVENT") == 1
    lines = raw.decode().splitlines()
    assert not [line for line in lines if line.startswith("UID:evil")]
    assert len([line for line in lines if line == "BEGIN:VEVENT"]) == 1


@pytest.fixture
def served(town: Town) -> Iterator[str]:
    """The service's real address."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class Clients:
    """vdirsyncer fetches the subscribed calendar over HTTP, khal shows it: as a volunteer's own computer would."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.kept = folder, folder / "vagter"
        (folder / "vdirsyncer").write_text(
            f'[general]\nstatus_path = "{folder}/status"\n'
            '[pair vagter]\na = "here"\nb = "there"\ncollections = null\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.kept}"\nfileext = ".ics"\n'
            f'[storage there]\ntype = "http"\nurl = "{address}"\n'
        )
        (folder / "khal").write_text(
            f"[calendars]\n[[vagter]]\npath = {self.kept}\n"
            f"[sqlite]\npath = {folder}/khal.db\n"
            "[locale]\nlocal_timezone = Europe/Copenhagen\ndefault_timezone = Europe/Copenhagen\n"
            "timeformat = %H.%M\ndateformat = %d.%m.\nlongdateformat = %d.%m.%Y\n"
            "datetimeformat = %d.%m. %H.%M\nlongdatetimeformat = %d.%m.%Y %H.%M\n"
        )
        self.kept.mkdir()

    def sync(self) -> None:
        self._run("vdirsyncer", "-c", "vdirsyncer", "discover")
        self._run("vdirsyncer", "-c", "vdirsyncer", "sync", "--force-delete")

    def agenda(self, day: date) -> list[str]:
        form = "{start-long-full} - {end-time} {title} @ {location} {status}"
        shown = self._run("khal", "-c", "khal", "list", "--day-format", "", "--format", form, f"{day:%d.%m.%Y}", "1d")
        return [line for line in shown.splitlines() if line.strip()]

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(Path(sys.executable).with_name(program)), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_a_real_calendar_client_reads_the_feed_over_http(town: Town, served: str, tmp_path: Path) -> None:
    person = town.caller()
    summer = town.shift("2027-08-14T17:30", 2, title="Kaffe, kiosk; æøå")
    winter = town.shift("2027-11-06T17:30", 2, title="Oprydning")
    for shift in (summer, winter):
        take(person, shift)
    clients = Clients(tmp_path, served + subscribe(person))
    clients.sync()
    assert clients.agenda(date(2027, 8, 14)) == [
        "14.08.2027 17.30 - 19.30 Kaffe, kiosk; æøå @ Assens Havneplads CONFIRMED "
    ]
    assert clients.agenda(date(2027, 11, 6)) == ["06.11.2027 17.30 - 19.30 Oprydning @ Assens Havneplads CONFIRMED "]

    moved = "UPDATE shifts SET starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day', "
    change(town, moved + "place = 'Aarup', sequence = sequence + 1 WHERE id = :id", id=summer.id)
    clients.sync()
    assert clients.agenda(date(2027, 8, 14)) == []
    assert clients.agenda(date(2027, 8, 15)) == ["15.08.2027 17.30 - 19.30 Kaffe, kiosk; æøå @ Aarup CONFIRMED "]
