"""The rows of a table judged like a plan, and the plan's words under the table's headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.volunteers.commands.planning.assess import assess
from services.volunteers.domain import plans
from shared.errors import N_, Reason
from shared.imports import ADDED, Row

COLUMN_OF = {
    "place": "sted",
    "area": "sted",
    "cause": "sag",
    "day": "start",
    "starts": "start",
    "ends": "slut",
    "roles": "pladser",
    "minimum_age": "mindstealder",
    "organiser": "arrangør",
    "insurance": "forsikring",
}
PAST, TOO_FAR = "past", "too-far"  # a table may bring what is over, or years away

_BEGUN = N_("Vagten er begyndt eller forbi, så ingen kan tilmelde sig. Er den forbi, står den som afholdt.")


def judge(session: Session, rows: Sequence[Row], planned: Mapping[int, plans.Row], now: datetime) -> None:
    """Refuse the rows of the table that a plan would refuse. `planned` is by their lines."""
    judged = [row for row in rows if row.line in planned]
    report = assess(session, None, [planned[row.line] for row in judged], now)
    for row, found in zip(judged, report.rows, strict=True):
        is_new = row.outcome == ADDED
        for problem in found.problems:
            if is_new and problem.slug == PAST:
                row.notes.append(Reason(PAST, _BEGUN, "start"))
            elif not (is_new and problem.slug == TOO_FAR):
                field = (problem.field or "").partition(".")[0]
                row.refuse(COLUMN_OF.get(field, "titel"), problem.slug, problem.text, **problem.params)
