"""The demo's story: last year's town party with its hours, shifts of the coming weeks, and a line for one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from services.volunteers.commands import attendance, hours, proposing
from services.volunteers.commands.planning.save import Wish, save_plan
from services.volunteers.commands.sign_up import Wish as SignUpWish
from services.volunteers.commands.sign_up import sign_up
from services.volunteers.domain.plans import RoleRow, Row
from services.volunteers.domain.series import NOT, Pattern, days_of
from services.volunteers.models import Association, Hours, Qualification, Role, Seat, Shift
from services.volunteers.models.rows import school_breaks
from services.volunteers.models.shifts import ASSOCIATION
from services.volunteers.models.sign_ups import ABSENT, PRESENT
from shared import clock
from shared.actors import VOLUNTEER_COORDINATOR, Actor, StaffRole
from shared.db import Database
from shared.ids import natural_id

log = structlog.get_logger(__name__)

PATIENCE, PAUSE = timedelta(seconds=60), wait_fixed(0.3)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SATURDAY, WEDNESDAY = 5, 2
VILLAGE = "Aarup Borgerforening"
PARTY = "Byfest: opstilling"
BORN = {
    "mette": date(1984, 5, 17),
    "ali": date(1986, 10, 9),
    "noah": date(1988, 1, 27),
    "ida": date(1995, 7, 4),
    "gerda": date(1954, 4, 22),
    "yusuf": date(2007, 11, 15),
    "emma": date(2012, 9, 12),
}


def person_id(name: str) -> UUID:
    return natural_id("person", f"{name}@kommunity.example")


def volunteer(name: str) -> Actor:
    return Actor(person_id(name), born_on=BORN[name])


SOFIE = Actor(person_id("sofie"), staff=frozenset({StaffRole(VOLUNTEER_COORDINATOR, "municipality", None)}))


@dataclass(frozen=True)
class Story:
    """A shift and who signs up for it, in this order: (name, number of the role)."""

    row: Row
    crew: tuple[tuple[str, int], ...] = ()


def seed(database: Database, patience: timedelta = PATIENCE) -> None:
    """Told once. Waits for what accounts tells of people and associations; raises LookupError if it does not come."""
    for attempt in Retrying(
        retry=retry_if_exception_type(LookupError), stop=stop_after_delay(patience), wait=PAUSE, reraise=True
    ):
        with attempt, database.begin() as session:
            _tell(session, clock.now())


def _tell(session: Session, now: datetime) -> None:
    if session.scalar(select(func.count()).select_from(Shift).where(Shift.title == PARTY)):
        return
    known = session.scalar(select(func.count()).select_from(Association))
    if not known or not session.get(Qualification, (person_id("noah"), "trailerkort")):
        raise LookupError("Accounts' people have not arrived yet: are its import, its story and the workers running?")
    today = clock.local(now).date()
    for story in town_party(today):
        _remember(session, story)
    _plan(session, coming(today), now)
    _publish_series(session, today, now)
    log.info("told", shifts=session.scalar(select(func.count()).select_from(Shift)))


def row(title: str, day: date, starts: int, ends: int, *roles: RoleRow, **more: object) -> Row:
    """A shift in Aarup by the municipality, unless `more` says otherwise."""
    plain = Row(
        title=title,
        place="Aarup",
        area="Aarup",
        day=day,
        starts=time(starts),
        ends=time(ends),
        roles=roles,
        organiser="Kommunen",
        insurance="kommunens forsikring",
        contact_id=SOFIE.person_id,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def town_party(today: date) -> list[Story]:
    """Last June: what a coordinator copies to next year."""
    saturday = _next(SATURDAY, date(today.year if today.month > 7 else today.year - 1, 6, 8))
    friday, sunday = saturday - DAY, saturday + DAY
    hands, kiosk, driver = RoleRow("Hjælper", 6, 3), RoleRow("Kiosk", 3, 2), RoleRow("Chauffør", 1, 1, ("trailerkort",))
    return [
        Story(row(PARTY, friday, 15, 19, hands, driver), (("noah", 1), ("ali", 0), ("ida", 0))),
        Story(row("Byfest: kaffe og kiosk", saturday, 10, 14, kiosk), (("gerda", 0), ("ida", 0), ("mette", 0))),
        Story(row("Byfest: kaffe og kiosk", saturday, 14, 18, kiosk), (("yusuf", 0), ("ali", 0))),
        Story(row("Byfest: nedtagning", sunday, 10, 13, hands, driver), (("noah", 1), ("yusuf", 0))),
    ]


def coming(today: date) -> list[Story]:
    """The market on the square, which Aarup Borgerforening has booked pavilions for, and other things to help with."""
    saturday = _next(SATURDAY, today + 9 * DAY)
    market = {
        "organiser": VILLAGE,
        "organiser_id": natural_id("association", VILLAGE),
        "insurance": "foreningens forsikring",
        "contact_id": person_id("birthe"),
    }
    return [
        Story(
            row(
                "Marked på torvet: opstilling",
                saturday,
                7,
                10,
                RoleRow("Opstilling", 6, 4),
                RoleRow("Chauffør", 1, 1, ("trailerkort",)),
                description="Vi henter seks pavilloner på depotet og stiller dem op på torvet.",
                meeting_point="Ved pumpen på torvet",
                bring="Arbejdshandsker og godt fodtøj",
                minimum_age=15,
                **market,
            ),
            (("noah", 1), ("ali", 0)),
        ),
        Story(
            row(
                "Marked på torvet: kaffe og kiosk",
                saturday,
                10,
                14,
                RoleRow("Kiosk", 2, 1, ("hygiejnekursus",)),
                RoleRow("Oprydning", 4, 2),
                description="Kaffe, kage og pølser til dem, der kommer forbi.",
                **market,
            ),
            (("gerda", 0), ("yusuf", 1)),
        ),
        Story(
            row(
                "Lys i juletræet" if today.month in (11, 12) else "Flag på hovedgaden",
                saturday - DAY,
                15,
                17,
                RoleRow("Hjælper", 1, 1),
                description="Én hånd til stigen. En medarbejder fra depotet er med.",
                minimum_age=18,
            ),
            (("noah", 0), ("ida", 0), ("yusuf", 0)),
        ),
        Story(
            row(
                "Medlemskaffe: borde og kage",
                saturday - 3 * DAY,
                13,
                16,
                RoleRow("Hjælper", 3, 1),
                description="Kun for foreningens medlemmer.",
                audience=ASSOCIATION,
                audience_id=market["organiser_id"],
                **market,
            ),
        ),
        Story(
            row(
                "Affaldsindsamling langs stranden",
                saturday + DAY,
                10,
                12,
                RoleRow("Indsamler", 20, 4),
                place="Helnæs",
                area="Helnæs",
                description="Hele familien kan være med. Vi slutter med varm kakao.",
                bring="Gummistøvler",
            ),
            (("mette", 0), ("emma", 0)),
        ),
    ]


def homework_help(today: date) -> tuple[Row, Pattern]:
    first = _next(WEDNESDAY, today + DAY)
    lesson = row(
        "Lektiecafé",
        first,
        15,
        17,
        RoleRow("Lektiehjælper", 4, 2, ("boerneattest",)),
        place="Aarup Mødelokale",
        description="Hjælp børn fra 4.–7. klasse med lektierne.",
        minimum_age=18,
    )
    return lesson, Pattern(frozenset({WEDNESDAY}), first, first + 7 * WEEK, in_school_holidays=NOT)


def _remember(session: Session, story: Story) -> None:
    """Everything as it happened then: planned, filled, held; one stayed away; the hours are confirmed."""
    starts_at, ends_at = story.row.period
    planned = starts_at - 5 * WEEK
    shift_id = _plan(session, [story], planned)[0]
    seats = session.scalars(select(Seat).where(Seat.shift_id == shift_id).order_by(Seat.id)).all()
    for number, seat in enumerate(seats):
        came = ABSENT if number and story.row.starts == time(14) else PRESENT
        attendance.note(session, SOFIE, seat.id, came, None, starts_at)
    proposing.propose(session, shift_id, ends_at)
    given = session.scalars(select(Hours).where(Hours.shift_id == shift_id)).all()
    hours.confirm(session, SOFIE, [one.seat_id for one in given], [one.version for one in given], ends_at + DAY)


def _plan(session: Session, stories: list[Story], now: datetime) -> list[UUID]:
    """Save and publish the rows; then everybody signs up in turn."""
    report = save_plan(session, SOFIE, Wish([story.row for story in stories], publish=True), now)
    for shift_id, story in zip(report.ids, stories, strict=True):
        roles = session.scalars(select(Role.id).where(Role.shift_id == shift_id).order_by(Role.position)).all()
        for name, number in story.crew:
            sign_up(session, volunteer(name), shift_id, SignUpWish(roles[number]), now)
    return report.ids


def _publish_series(session: Session, today: date, now: datetime) -> None:
    first, pattern = homework_help(today)
    days, _ = days_of(pattern, first.starts, first.ends, school_breaks(session), now)
    save_plan(session, SOFIE, Wish([replace(first, day=day) for day in days], publish=True, series=pattern), now)


def _next(weekday: int, day: date) -> date:
    """The first such weekday from `day` on."""
    return day + ((weekday - day.weekday()) % 7) * DAY
