"""Signing up through HTTP, everything on, against pgbench that runs the same transaction's bare SQL in turn."""

from __future__ import annotations

import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from tests.benchmarks.crowd import SHIFTS, Visitor, nth, tokens
from tests.benchmarks.results import Figure
from tests.support.town import Town

CLIENTS = 8
SECONDS = 5
ROUNDS = 3
MOST_PER_SECOND = 1000

# What commands/sign_up.py runs for one who gets a place at once. The events are marked as sent: no relay reads them.
_EVENT = """
WITH next AS (
    INSERT INTO outbox_sequence AS s (key, last) VALUES (md5('shift' || :shift), 1)
    ON CONFLICT (key) DO UPDATE SET last = s.last + 1
    RETURNING last
)
INSERT INTO outbox (id, aggregatetype, aggregateid, sequence, type, payload,
                    occurred_at, correlation_id, causation_id, traceparent, sent_at)
SELECT gen_random_uuid(), 'volunteers', md5('shift' || :shift), last, 'volunteers.sign-up-made.v1',
       jsonb_build_object('shift_id', md5('shift' || :shift), 'sign_up_id', md5('sign-up' || :n), 'role_id',
                          md5('role' || :shift), 'person_id', md5('person' || :n), 'places', 1, 'state', 'confirmed'),
       now(), 'bench', 'bench', '', now()
FROM next;
"""
_BARE_SQL = f"""
\\set n random(1, 9000000000000000)
\\set shift 1 + 10 * random(0, {SHIFTS // 10 - 1})
BEGIN;
INSERT INTO idempotency_keys (scope, key, fingerprint) VALUES ('bench', md5('key' || :n), '\\x00')
ON CONFLICT DO NOTHING RETURNING key;
SELECT * FROM shifts WHERE id = md5('shift' || :shift)::uuid FOR NO KEY UPDATE;
SELECT * FROM roles WHERE shift_id = md5('shift' || :shift)::uuid ORDER BY position;
SELECT seats.person_id, shifts.id, title, place, starts_at, ends_at
FROM seats JOIN shifts ON shifts.id = seats.shift_id
WHERE person_id = md5('person' || :n)::uuid AND active AND during && tstzrange(now(), now() + interval '6 hours')
ORDER BY starts_at;
INSERT INTO volunteers (person_id, born_on, may_be_asked, version)
VALUES (md5('person' || :n)::uuid, '1980-05-17', true, 1)
ON CONFLICT (person_id) DO UPDATE SET born_on = excluded.born_on
WHERE excluded.born_on IS NOT NULL AND volunteers.born_on IS DISTINCT FROM excluded.born_on;
{_EVENT}
UPDATE roles SET taken = taken + 1 WHERE id = md5('role' || :shift)::uuid;
INSERT INTO sign_ups (id, shift_id, role_id, person_id, places, state, offer_number, made_at, confirmed_at,
                      ended_late, ended_reason, flags, version)
VALUES (md5('sign-up' || :n)::uuid, md5('shift' || :shift)::uuid, md5('role' || :shift)::uuid,
        md5('person' || :n)::uuid, 1, 'confirmed', 0, now(), now(), false, '', '{{}}', 2);
INSERT INTO seats (id, sign_up_id, shift_id, role_id, person_id, kind, active, during, attendance, reminded)
SELECT md5('seat' || :n)::uuid, md5('sign-up' || :n)::uuid, id, md5('role' || :shift)::uuid,
       md5('person' || :n)::uuid, 'own', true, tstzrange(starts_at, ends_at), 'expected', 0
FROM shifts WHERE id = md5('shift' || :shift)::uuid
ON CONFLICT DO NOTHING RETURNING id;
{_EVENT}
UPDATE idempotency_keys
SET status = 201, headers = '{{"Content-Type": "application/json"}}', body = repeat('x', 700)::bytea
WHERE scope = 'bench' AND key = md5('key' || :n);
COMMIT;
"""


def measure(town: Town) -> list[Figure]:
    """Of interleaved rounds the median ratio, for other work on the machine hits both sides alike."""
    if not shutil.which("pgbench"):
        print("  sign-ups: not measured, there is no pgbench on PATH (it comes with a distribution's PostgreSQL)")
        return []
    town.system.stop_part("volunteers-worker")  # its relay would take time from both sides
    _http_rate(town, 1)
    rounds = [(_pgbench_rate(town), _http_rate(town, SECONDS)) for _ in range(ROUNDS)]
    _forget_events(town)
    town.system.start_part("volunteers-worker")
    for bare, http in rounds:
        print(f"  sign-ups: pgbench {bare:.0f}/s, HTTP {http:.0f}/s, {100 * http / bare:.1f} %")
    times = statistics.median(bare / http for bare, http in rounds)
    return [Figure("sign-up: pgbench with the same SQL is so many times faster", times, "×", 10)]


def _forget_events(town: Town) -> None:
    """Nobody is to be told by mail of these sign-ups."""
    with create_engine(town.system.database_url("volunteers")).begin() as connection:
        connection.execute(text("DELETE FROM outbox WHERE sent_at IS NULL"))


def _pgbench_rate(town: Town) -> float:
    url = make_url(town.system.database_url("volunteers"))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "sign_up.sql"
        script.write_text(_BARE_SQL)
        done = subprocess.run(
            [
                *("pgbench", "--no-vacuum", "--protocol=prepared", f"--file={script}", f"--time={SECONDS}"),
                *(f"--client={CLIENTS}", "--jobs=2", f"--host={url.host}", f"--port={url.port}"),
                *(f"--username={url.username}", str(url.database)),
            ],
            env={"PGPASSWORD": str(url.password or ""), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    [rate] = re.findall(r"tps = ([\d.]+)", done.stdout)
    return float(rate)


def _http_rate(town: Town, seconds: float) -> float:
    waiting = iter(tokens(town, [uuid4() for _ in range(int(seconds * MOST_PER_SECOND))]))
    until = time.perf_counter() + seconds

    def one_after_the_other(_: int) -> int:
        visitor, made = Visitor(town), 0
        while time.perf_counter() < until:
            visitor.token, shift = next(waiting), 1 + 10 * random.randrange(SHIFTS // 10)
            visitor.timed("POST", f"/shifts/{nth('shift', shift)}/sign-ups", {"role_id": str(nth("role", shift))})
            made += 1
        return made

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(one_after_the_other, range(CLIENTS))) / seconds
