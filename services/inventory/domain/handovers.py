"""What may be handed out and taken back at the desk, and how far a handover has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.clock import local
from shared.errors import N_, Reason

PLANNED, PARTLY_OUT, OUT, PARTLY_BACK, BACK = "planned", "partly_out", "out", "partly_back", "back"
CANCELLED = "cancelled"
TO_FETCH = (PLANNED, PARTLY_OUT)
WITH_BORROWER = (PARTLY_OUT, OUT, PARTLY_BACK)


@dataclass(frozen=True)
class LineCount:
    """Where the pieces of one line are. `back` counts all that are accounted for: whole, broken or missing."""

    ordered: int
    returnable: bool = True
    handed_out: int = 0
    broken_at_hand_out: int = 0
    back: int = 0

    @property
    def left_to_hand_out(self) -> int:
        return max(0, self.ordered - self.handed_out)

    @property
    def outstanding(self) -> int:
        return self.handed_out - self.back if self.returnable else 0

    @property
    def is_settled(self) -> bool:
        """Every ordered piece went out or was found broken at the desk."""
        return self.handed_out + self.broken_at_hand_out >= self.ordered


@dataclass(frozen=True)
class Entry:
    """What staff typed for one line: `quantity` whole ones, and how many were broken or missing."""

    line_id: UUID
    quantity: int = 0
    broken: int = 0
    missing: int = 0
    unit_ids: tuple[UUID, ...] = ()
    broken_unit_ids: tuple[UUID, ...] = ()
    missing_unit_ids: tuple[UUID, ...] = ()
    note: str = ""

    @property
    def pieces(self) -> int:
        return self.quantity + self.broken + self.missing

    @property
    def all_unit_ids(self) -> tuple[UUID, ...]:
        return self.unit_ids + self.broken_unit_ids + self.missing_unit_ids


def state_of(lines: Iterable[LineCount], hand_out_complete: bool) -> str:
    """A handover whose hand-out is complete is over as soon as nothing is out."""
    counts = list(lines)
    if not hand_out_complete:
        begun = any(count.handed_out or count.broken_at_hand_out for count in counts)
        return PARTLY_OUT if begun else PLANNED
    if not any(count.outstanding for count in counts):
        return BACK
    return PARTLY_BACK if any(count.back for count in counts) else OUT


def against_hand_out(state: str, complete: bool, starts_at: datetime, now: datetime) -> Iterator[Reason]:
    """Why nothing at all can be handed out now, if so."""
    if state == CANCELLED:
        text = N_("Bookingen er aflyst. Læg tingene tilbage, og bed låneren om at lave en ny booking.")
        yield Reason("cancelled", text)
    elif complete:
        text = N_("Udleveringen er afsluttet. Skal låneren have mere, så bed om en ny booking.")
        yield Reason("already-handed-out", text)
    if local(now).date() < local(starts_at).date():
        text = N_(
            "Det er for tidligt: lånet begynder {starts_at}. Vent til den dag, eller bed låneren flytte bookingen."
        )
        yield Reason("too-early", text, None, {"starts_at": starts_at})


def against_lines(entries: Sequence[Entry], known: Iterable[UUID]) -> Iterator[Reason]:
    """Lines that are not this handover's, or come twice."""
    ids = [entry.line_id for entry in entries]
    known = set(known)
    for index, line_id in enumerate(ids):
        if line_id not in known:
            text = N_("Linjen hører ikke til her. Hent siden igen, og prøv så igen.")
            yield Reason("unknown-line", text, f"lines.{index}.line_id")
        elif line_id in ids[:index]:
            text = N_("Linjen står der to gange. Læg tallene sammen i én linje.")
            yield Reason("repeated-line", text, f"lines.{index}.line_id")


def against_handing_out(entry: Entry, count: LineCount, on_shelf: int, name: str) -> Iterator[Reason]:
    """Why these pieces of one line cannot be handed out, if so."""
    if entry.quantity > count.left_to_hand_out:
        text = N_("{name}: der er bestilt {ordered}, og {handed_out} er udleveret. Udlever højst {left}.")
        params = {
            "ordered": count.ordered,
            "name": name,
            "handed_out": count.handed_out,
            "left": count.left_to_hand_out,
        }
        yield Reason("more-than-ordered", text, "quantity", params)
    if entry.pieces > on_shelf:
        text = N_("{name}: kun {left} er på depotet nu. Tæl igen, eller ret lageret først.")
        yield Reason("more-than-on-shelf", text, "quantity", {"left": on_shelf, "name": name})


def against_taking_back(entry: Entry, count: LineCount, name: str) -> Iterator[Reason]:
    if entry.pieces > count.outstanding:
        text = N_("{name}: kun {outstanding} er ude. Hele, i stykker og manglende må højst være {outstanding} i alt.")
        yield Reason("more-than-out", text, "quantity", {"outstanding": count.outstanding, "name": name})


def nothing_entered() -> Reason:
    return Reason("nothing-entered", N_("Der er ikke skrevet noget antal. Skriv mindst én ting."), "lines")
