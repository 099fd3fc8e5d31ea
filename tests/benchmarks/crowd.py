"""A large town of volunteers: 20,000 shifts in the coming year, and 5,000 people with four sign-ups each."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import create_engine, text

from services.accounts.api.keys import SigningKey
from shared import clock
from shared.settings import Settings
from tests.support.town import Town

SHIFTS = 20_000
PEOPLE = 5_000
AREAS = ("Assens", "Aarup", "Glamsbjerg", "Haarby", "Tommerup", "Vissenbjerg", "Ebberup", "Helnæs")

# Ids from md5, so that everybody can name the n-th shift or person. Every tenth shift has one place, which is taken;
# every third has a second role, for drivers. A person's four shifts are on four days.
_FILL = """
    INSERT INTO shifts (id, title, description, place, area, starts_at, ends_at, minimum_age, organiser, insurance,
                        meeting_point, bring, audience, cause, check_hours, state, cancel_reason, created_at,
                        changed_at, sequence, version)
    SELECT md5('shift' || n)::uuid, 'Vagt ' || n, repeat('Vi hjælper hinanden. ', 10), area || ' Havn', area,
           starts_at, starts_at + interval '1 hour' * (1 + n % 6), CASE WHEN n % 4 = 0 THEN 18 ELSE 0 END,
           'Forening ' || n % 100, 'foreningens forsikring', '', '', 'all', '', 48, 'published', '', :now, :now, 0, 1
    FROM generate_series(1, :shifts) AS n,
         LATERAL (SELECT (CAST(:areas AS text[]))[1 + n % 8] AS area,
                         :midnight + make_interval(days => n % 365, hours => 7 + n / 365 % 14) AS starts_at);
    INSERT INTO roles (id, shift_id, position, name, capacity, minimum, requirements, taken, waiting, last_in_line)
    SELECT md5('role' || n)::uuid, md5('shift' || n)::uuid, 0, 'Opgave ' || n % 25,
           CASE WHEN n % 10 = 0 THEN 1 ELSE 60 END, 1, '{}', 1, 0, 0
    FROM generate_series(1, :shifts) AS n;
    INSERT INTO roles (id, shift_id, position, name, capacity, minimum, requirements, taken, waiting, last_in_line)
    SELECT md5('driver' || n)::uuid, md5('shift' || n)::uuid, 1, 'Chauffør', 2, 0, '{trailerkort}', 0, 0, 0
    FROM generate_series(3, :shifts, 3) AS n;
    INSERT INTO volunteers (person_id, born_on, may_be_asked, version)
    SELECT md5('person' || n)::uuid, DATE '1950-01-01' + n * 4, true, 1 FROM generate_series(1, :people) AS n;
    INSERT INTO qualifications (person_id, qualification)
    SELECT md5('person' || n)::uuid, 'trailerkort' FROM generate_series(1, :people, 2) AS n;
    INSERT INTO sign_ups (id, shift_id, role_id, person_id, places, state, offer_number, made_at, confirmed_at,
                          ended_late, ended_reason, flags, version)
    SELECT md5('sign-up' || n)::uuid, md5('shift' || n)::uuid, md5('role' || n)::uuid,
           md5('person' || 1 + n % :people)::uuid, 1, 'confirmed', 0, :now, :now, false, '', '{}', 1
    FROM generate_series(1, :shifts) AS n;
    INSERT INTO seats (id, sign_up_id, shift_id, role_id, person_id, kind, active, during, attendance, reminded)
    SELECT md5('seat' || s.id)::uuid, s.id, s.shift_id, s.role_id, s.person_id, 'own', true,
           tstzrange(shifts.starts_at, shifts.ends_at), 'expected', 2
    FROM sign_ups s JOIN shifts ON shifts.id = s.shift_id WHERE shifts.title LIKE 'Vagt %'
"""


def fill(town: Town) -> None:
    values: dict[str, Any] = {
        "now": clock.now(),
        "midnight": clock.at(clock.today() + timedelta(days=1), datetime.min.time()),
        "areas": list(AREAS),
        "shifts": SHIFTS,
        "people": PEOPLE,
    }
    engine = create_engine(town.system.database_url("volunteers"))
    with engine.begin() as connection:
        for statement in _FILL.split(";\n"):
            names = [name for name in values if f":{name}" in statement]
            connection.execute(text(statement), {name: values[name] for name in names})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def nth(what: str, number: int) -> UUID:
    """The id of the n-th "shift", "role" or "person", as the database made it."""
    return UUID(hashlib.md5(f"{what}{number}".encode()).hexdigest())  # noqa: S324 (a name, no secret)


def tokens(town: Town, person_ids: Iterable[UUID], *staff: str) -> list[str]:
    """Access tokens, signed with the town's own key, of people whom accounts need not know."""
    key = SigningKey.load(Settings(signing_key_file=town.system.state / "signing-key.pem"))
    rights: dict[str, Any] = {"for": {}, "staff": staff, "born": "1980-05-17"}
    return [key.access_token({"sub": str(person_id), **rights}) for person_id in person_ids]


class Visitor:
    """One kept-alive connection to the service, by the lightest client there is: it takes time from the service."""

    def __init__(self, town: Town, token: str = "") -> None:
        self.token = token
        self.connection = http.client.HTTPConnection(urlsplit(town.system.url("volunteers")).netloc, timeout=60)

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        self.connection.request(method, path, body and json.dumps(body), headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def timed(self, method: str, path: str, body: Any = None) -> float:
        """Milliseconds until the whole answer is here. Nothing but a success counts."""
        begun = time.perf_counter()
        status, answer = self.send(method, path, body)
        taken = (time.perf_counter() - begun) * 1000
        assert status < 300, answer
        return taken
