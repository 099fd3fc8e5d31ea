"""The demo's story: associations of the municipality book for the coming weeks and for next summer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from services.bookings import commands
from services.bookings.domain.opening import ONE_DAY, Period
from services.bookings.domain.slots import natural_loan
from services.bookings.domain.wishes import Offer, Wish, WishedLine
from services.bookings.models import Booking
from services.bookings.models.offers import offers_by_id
from shared import clock
from shared.actors import BOOKER, Actor
from shared.db import Database
from shared.ids import natural_id

log = structlog.get_logger(__name__)

ASSENS, GLAMSBJERG = "Assens Materielgård", "Glamsbjerg Materielgård"
SATURDAY = 5
PATIENCE, PAUSE = timedelta(seconds=60), wait_fixed(0.3)


@dataclass(frozen=True)
class Story:
    """Who needs what on the weekend that begins with `saturday`: (depot, thing, how many), and perhaps a hall."""

    email: str
    association: str
    purpose: str
    place: str
    saturday: date
    things: tuple[tuple[str, str, int], ...] = ()
    hall: str = ""
    hall_hours: tuple[time, time] = field(default=(time(10), time(15)))

    @property
    def actor(self) -> Actor:
        person_id = natural_id("person", self.email)
        if not self.association:
            return Actor(person_id)
        association_id = natural_id("association", self.association)
        return Actor(person_id, association_id, {association_id: frozenset({BOOKER})})


def stories(today: date) -> list[Story]:
    year = today.year if today.month < 6 else today.year + 1
    soon, later = _saturday(today + timedelta(days=9)), _saturday(today + timedelta(days=16))
    return [
        Story(
            "birthe@kommunity.example",
            "Aarup Borgerforening",
            "Høstfest for hele byen",
            "Aarup Bypark",
            _saturday(date(year, 9, 1)),
            ((ASSENS, "Stabelstol", 148),),
        ),
        Story(
            "jens@kommunity.example",
            "Haarby Spejdergruppe",
            "Sommerlejrens afslutning",
            "Spejderhytten i Haarby",
            _saturday(date(year, 8, 18)),
            ((ASSENS, "Festtelt 6x12 m", 1), (ASSENS, "Bord-bænkesæt", 10)),
        ),
        Story(
            "birthe@kommunity.example",
            "Aarup Borgerforening",
            "Marked på torvet",
            "Torvet i Aarup",
            soon,
            ((ASSENS, "Pavillon 3x3 m", 6), (ASSENS, "Kabeltromle 25 m", 4)),
        ),
        Story(
            "mette@kommunity.example",
            "Glamsbjerg Ungdomshåndbold",
            "Stævne for de yngste hold",
            "Glamsbjerg Demohal",
            later,
            ((ASSENS, "Klapbord 180 cm", 6),),
            "Glamsbjerg Demohal, halvdel A",
        ),
        Story(
            "ali@kommunity.example",
            "",
            "Arbejdsdag i den fælles have",
            "Haven bag Nørregade",
            soon,
            ((GLAMSBJERG, "Trillebør", 2),),
        ),
    ]


def seed(database: Database, patience: timedelta = PATIENCE) -> None:
    """Told once: what is booked already is left alone.

    Waits for the copies of inventory's things, which come with its events. Raises LookupError if they do not come.
    """
    now = clock.now()
    for story in stories(clock.local(now).date()):
        for attempt in Retrying(
            retry=retry_if_exception_type(LookupError), stop=stop_after_delay(patience), wait=PAUSE, reraise=True
        ):
            with attempt, database.begin() as session:
                _tell(session, story, now)


def _tell(session: Session, story: Story, now: datetime) -> None:
    if not _is_told(session, story):
        booking = commands.request_booking(session, story.actor, _wish(session, story), now)
        log.info("booked", number=booking.number, purpose=story.purpose)


def _is_told(session: Session, story: Story) -> bool:
    told = select(Booking.id).where(Booking.person_id == story.actor.person_id, Booking.purpose == story.purpose)
    return session.scalar(told) is not None


def _wish(session: Session, story: Story) -> Wish:
    wanted = {natural_id("material", depot, name): count for depot, name, count in story.things}
    hall_id = natural_id("facility", story.hall) if story.hall else None
    offers = offers_by_id(session, [*wanted, *([hall_id] if hall_id else [])])
    if len(offers) < len(wanted) + bool(hall_id) or any(
        offer.depot_id and not offer.depot_name for offer in offers.values()
    ):
        raise LookupError(
            "Inventory's materials and facilities have not arrived yet: are its imports and the workers running?"
        )
    loan = _loan([offers[key] for key in wanted], story.saturday)
    lines = [WishedLine(key, count) for key, count in wanted.items()]
    return Wish(
        lines=[*lines, *_hall_line(hall_id, story)],
        starts_at=loan.starts_at,
        ends_at=loan.ends_at,
        purpose=story.purpose,
        open_to_all=bool(story.association),
        place_of_use=story.place,
        terms_accepted=True,
    )


def _loan(offers: list[Offer], saturday: date) -> Period:
    loan = natural_loan(offers[0].opens, saturday, saturday + ONE_DAY)
    if loan is None:
        raise LookupError(f"{offers[0].depot_name} does not open around {saturday}.")
    return loan


def _hall_line(hall_id: UUID | None, story: Story) -> list[WishedLine]:
    if hall_id is None:
        return []
    begins, ends = (clock.at(story.saturday, wall) for wall in story.hall_hours)
    return [WishedLine(hall_id, 1, begins, ends)]


def _saturday(day: date) -> date:
    """The first Saturday from `day` on."""
    return day + ((SATURDAY - day.weekday()) % 7) * ONE_DAY
