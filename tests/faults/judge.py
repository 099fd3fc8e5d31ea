"""Plays a row under load and holds the ledger against it."""

from __future__ import annotations

import time
import traceback
from dataclasses import asdict, dataclass, field

from tests.faults.copies import unequal_copies
from tests.faults.errands import wait_for
from tests.faults.ledger import DOUBLED, LOST, PARKED, Finding, counts
from tests.faults.load import Load
from tests.faults.row import Row, Scene
from tests.faults.town import FaultTown

DRAINED_WITHIN_S = 180
SETTLED_WITHIN_S = 15  # what jobs of the services begin by themselves may just be under way


@dataclass
class Verdict:
    id: int
    fault: str
    how: str
    load: str = ""
    achieved: float = 0.0  # requests answered per second
    acked: int = 0
    lost: int = 0
    duplicated: int = 0
    recovered_s: float | None = None
    passed: bool = False
    repeated: int = 0  # records that came again, and changed nothing
    unanswered: int = 0  # requests that had to be repeated
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def enter(self, findings: list[Finding]) -> None:
        count = counts(findings)
        self.troubles += map(str, findings)
        self.lost += count(LOST) + count(PARKED)
        self.duplicated += count(DOUBLED)

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def line(self) -> str:
        recovered = "–" if self.recovered_s is None else f"{self.recovered_s:.1f} s"
        load = f"{self.load:>5} {self.achieved:>4.0f}"
        numbers = f"{self.acked:>5} {self.lost:>4} {self.duplicated:>4} {self.repeated:>5} {self.unanswered:>5}"
        verdict = "passed" if self.passed else "FAILED"
        return f"{self.id:>2}  {self.fault[:58]:<58} {load} {numbers} {recovered:>8}  {verdict}"


HEAD = f"{'#':>2}  {'fault':<58} {'load':>5} done acked lost twice again retry    after"


def judge(row: Row, town: FaultTown, quick: bool = False) -> Verdict:
    verdict = Verdict(row.id, row.fault, row.how)
    try:
        _play(row, town, quick, verdict)
    except Exception:  # noqa: BLE001 (a row that fails must not end the others)
        verdict.troubles.append(traceback.format_exc(limit=-4))
    verdict.passed = not verdict.troubles
    return verdict


def _play(row: Row, town: FaultTown, quick: bool, verdict: Verdict) -> None:
    repeated = town.ledger.repeated()
    load = Load(town, row.rate)
    verdict.load = str(load)
    scene = Scene(town, load, quick, verdict.notes)
    load.start()
    try:
        wait_for(lambda: load.so_far() > 5)
        row.play(scene)
    except Exception:  # noqa: BLE001 (told with what else is wrong)
        verdict.troubles.append(traceback.format_exc(limit=-3))
        _mend(town, verdict)
    healed = time.monotonic()
    load.stop()
    verdict.acked, verdict.achieved = load.count(), load.achieved
    try:
        town.wait_drained(DRAINED_WITHIN_S)
        verdict.recovered_s = round(time.monotonic() - healed, 1)
    except AssertionError as error:  # the ledger names what is missing
        verdict.troubles.append(str(error))
    verdict.troubles += _distinct(load.unexpected)
    if (verdict.recovered_s or 0) > row.within_s and not quick:  # what else the machine has to do is no fault
        verdict.troubles.append(f"recovered after {verdict.recovered_s} s, not within {row.within_s}")
    verdict.unanswered = load.unanswered.total()
    verdict.enter(_settled(town, load))
    verdict.enter([*unequal_copies(town.system)])
    verdict.repeated = max(0, town.ledger.repeated() - repeated)  # fewer, where a topic was made anew


def _mend(town: FaultTown, verdict: Verdict) -> None:
    try:
        town.mend()
    except Exception:  # noqa: BLE001
        verdict.troubles.append(traceback.format_exc(limit=-1))


def _settled(town: FaultTown, load: Load) -> list[Finding]:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while (findings := town.ledger.findings(load.acked())) and time.monotonic() < deadline:
        time.sleep(1)
    return findings


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))[:5]
