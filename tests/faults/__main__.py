"""`make test-faults`: every row of the matrix, a table, and build/faults.json. ROWS=3,4 chooses."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tests.faults.judge import HEAD, Verdict, judge
from tests.faults.row import ONE_BROKER, SMALL_DISK, THREE_BROKERS, Row
from tests.faults.rows import ALL
from tests.faults.town import fault_town

FILE = Path("build/faults.json")


def main() -> int:
    chosen = {int(number) for number in os.environ.get("ROWS", "").split(",") if number}
    rows = [row for row in ALL if not chosen or row.id in chosen]
    begun = time.monotonic()
    print(HEAD)
    verdicts = sorted(_played(rows), key=lambda verdict: verdict.id)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps([verdict.as_json() for verdict in verdicts], indent=2, ensure_ascii=False) + "\n")
    failed = [verdict for verdict in verdicts if not verdict.passed]
    print(f"{len(verdicts) - len(failed)} of {len(verdicts)} passed in {time.monotonic() - begun:.0f} s: {FILE}")
    return 1 if failed else 0


def _played(rows: list[Row]) -> Iterable[Verdict]:
    """One town for all rows that need the same ground."""
    for ground in (ONE_BROKER, THREE_BROKERS, SMALL_DISK):
        here = [row for row in rows if row.ground == ground]
        if not here:
            continue
        with fault_town(3 if ground == THREE_BROKERS else 1, disk=ground == SMALL_DISK) as town:
            for row in here:
                verdict = judge(row, town)
                print(verdict.line(), flush=True)
                for text in [*verdict.notes, *verdict.troubles]:
                    print(f"      {text}", flush=True)
                yield verdict


if __name__ == "__main__":
    sys.exit(main())
