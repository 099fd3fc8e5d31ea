"""What should become of sign-ups, told once more in plain Python, without the service: for the state machine.

Everything is a list in order of arrival, and every question is answered by counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DANISH = ZoneInfo("Europe/Copenhagen")
MINUTE = timedelta(minutes=1)


def kept_until(now: datetime, starts: datetime) -> datetime:
    """Minute by minute on a Danish clock; all of the machine's instants are whole minutes of August."""
    ahead = starts - now
    left = 20
    for hours, minutes in ((6, 60), (24, 3 * 60), (48, 8 * 60), (7 * 24, 24 * 60)):
        if ahead > timedelta(hours=hours):
            left = minutes
    until = now
    while left:
        if until >= starts:
            return starts
        left -= _counts(until.astimezone(DANISH), starts.astimezone(DANISH))
        until += MINUTE
    return min(until, starts)


def _counts(minute: datetime, starts: datetime) -> bool:
    if 7 <= minute.hour < 22:
        return True
    morning = minute.date() if minute.hour < 7 else minute.date() + timedelta(days=1)
    return starts < datetime(morning.year, morning.month, morning.day, 12, tzinfo=DANISH)


@dataclass
class Entry:
    """One sign-up. `number`: its arrival in line, 0 for who never waited."""

    who: str
    job: str
    size: int
    state: str
    number: int = 0
    until: datetime | None = None


@dataclass
class Job:
    """One role on one shift. Shifts of one hour have the same `hour`; who has one of them has no time for another."""

    shift: str
    hour: str
    starts: datetime
    capacity: int
    needs: str = ""


class Oracle:
    def __init__(self, jobs: dict[str, Job]) -> None:
        self.jobs = jobs
        self.entries: list[Entry] = []
        self.arrivals = dict.fromkeys(jobs, 0)
        self.proofs: set[tuple[str, str]] = set()

    # What one can see

    def of(self, job: str, *states: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.job == job and entry.state in states]

    def free(self, job: str) -> int:
        return self.jobs[job].capacity - sum(entry.size for entry in self.of(job, "confirmed", "offered"))

    def on_shift(self, who: str, shift: str) -> Entry | None:
        alive = [entry for entry in self.entries if entry.state in ("waiting", "offered", "confirmed")]
        return next((entry for entry in alive if entry.who == who and self.jobs[entry.job].shift == shift), None)

    def fits(self, who: str, job: Job) -> bool:
        if who == "group":
            return True
        busy = any(
            entry.who == who and entry.state == "confirmed" and self.jobs[entry.job].hour == job.hour
            for entry in self.entries
            if self.jobs[entry.job].shift != job.shift
        )
        return not busy and (not job.needs or (who, job.needs) in self.proofs)

    # What one can do; each answers the state afterwards, or "" for a refusal

    def sign_up(self, who: str, name: str, size: int, now: datetime) -> str:
        job = self.jobs[name]
        again = who != "group" and self.on_shift(who, job.shift)
        if again or not self.fits(who, job) or size > job.capacity or now >= job.starts:
            return ""
        self.offer(name, now)
        entry = Entry(who, name, size, "confirmed")
        if self.free(name) < size:
            self.arrivals[name] += 1
            entry.state, entry.number = "waiting", self.arrivals[name]
        self.entries.append(entry)
        return entry.state

    def accept(self, entry: Entry, now: datetime) -> str:
        job = self.jobs[entry.job]
        last_minutes = (
            entry.state == "waiting" and now > job.starts - 30 * MINUTE and self.free(entry.job) >= entry.size
        )
        in_time = entry.state == "offered" and entry.until is not None and now < entry.until
        if now >= job.starts or not (in_time or last_minutes) or not self.fits(entry.who, job):
            return ""
        entry.state, entry.until = "confirmed", None
        return entry.state

    def leave(self, entry: Entry, state: str, now: datetime) -> str:
        alive = entry.state in (("offered",) if state == "declined" else ("waiting", "offered", "confirmed"))
        if not alive or (state == "cancelled" and now >= self.jobs[entry.job].starts):
            return ""
        entry.state, entry.until = state, None
        self.offer(entry.job, now)
        return state

    def resize(self, name: str, capacity: int, now: datetime) -> None:
        self.jobs[name].capacity = capacity
        self.offer(name, now)

    def lapse(self, entry: Entry, now: datetime) -> None:
        if entry.state == "offered" and entry.until is not None and entry.until <= now:
            self.leave(entry, "lapsed", now)

    def mend(self, now: datetime) -> None:
        for name, job in self.jobs.items():
            if now >= job.starts:
                continue
            for entry in self.of(name, "offered"):
                if entry.until is not None and now < entry.until and not self.fits(entry.who, job):
                    entry.state, entry.until = "waiting", None
            self.offer(name, now)

    def offer(self, name: str, now: datetime) -> None:
        job = self.jobs[name]
        if now > job.starts - 30 * MINUTE:
            return
        for entry in sorted(self.of(name, "waiting"), key=lambda entry: entry.number):
            if entry.size <= self.free(name) and self.fits(entry.who, job):
                entry.state, entry.until = "offered", kept_until(now, job.starts)
