"""What both imports share: rights row by row."""

from __future__ import annotations

from shared.errors import N_
from shared.imports import Row

IMPORTED = N_("Indlæst fra fil")


def rights_missing(row: Row, column: str) -> None:
    text = N_("Du har ikke rettigheder til at ændre dette. Lad rækken stå uændret, eller bed en administrator.")
    row.refuse(column, "not-yours", text)
