"""The depots' desks: some of what was ordered goes out, some of what went out comes back, not always whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.simulation.residents import LARS
from tests.simulation.town import Town


def hand_out(town: Town) -> bool:
    handover = town.pick(
        "inventory",
        """SELECT id, version FROM handovers WHERE state IN ('planned', 'partly_out') AND NOT hand_out_complete
        AND starts_at < %(now)s ORDER BY number, depot_id""",
        now=town.time.moment,
    )
    if handover is None:
        return False
    entries = []
    for line in _lines(town, handover):
        left = max(0, line.quantity - line.handed_out - line.broken_at_hand_out)
        broken = town.chance.random() < 0.15 and left > 0
        quantity = left - broken if town.chance.random() < 0.7 else town.chance.randint(0, left - broken)
        entries.append(
            {"line_id": str(line.id), "quantity": quantity, "broken": int(broken), **_numbers(town, line, broken)}
        )
    body = {"lines": entries} | ({"complete": True} if town.chance.random() < 0.2 else {})
    town.ask("inventory", LARS, "POST", f"/handovers/{handover.id}/hand-outs", body, handover.version)
    return True


def take_back(town: Town) -> bool:
    handover = town.pick(
        "inventory",
        """SELECT h.id, h.version FROM handovers h WHERE EXISTS (SELECT FROM handover_lines l JOIN materials m
        ON m.id = l.material_id WHERE l.handover_id = h.id AND m.kind <> 'consumable'
        AND l.handed_out > l.returned + l.broken + l.missing) ORDER BY h.number, h.depot_id""",
    )
    if handover is None:
        return False
    entries = []
    for line in _lines(town, handover):
        out = 0 if line.kind == "consumable" else line.handed_out - line.returned - line.broken - line.missing
        coming = out if line.kind == "numbered" or town.chance.random() < 0.6 else town.chance.randint(0, out)
        lost = town.chance.randint(0, coming) if town.chance.random() < 0.3 else 0
        outcome = "whole" if not lost else town.chance.choice(("broken", "missing"))
        entry = {"line_id": str(line.id), "quantity": coming - lost} | ({outcome: lost} if lost else {})
        entries.append(entry | _units_back(town, line, coming, lost, outcome))
    town.ask("inventory", LARS, "POST", f"/handovers/{handover.id}/returns", {"lines": entries}, handover.version)
    return True


def _lines(town: Town, handover: Any) -> Sequence[Any]:
    return town.rows(
        "inventory",
        """SELECT l.*, m.kind FROM handover_lines l JOIN materials m ON m.id = l.material_id
        WHERE l.handover_id = %(id)s ORDER BY l.position""",
        id=handover.id,
    )


def _numbers(town: Town, line: Any, broken: bool) -> dict[str, Any]:
    """A broken tent has to be named; the others are those that were set aside."""
    if line.kind != "numbered" or not broken:
        return {}
    shelf = "SELECT id FROM units WHERE material_id = %(id)s AND state = 'usable' AND line_id IS NULL ORDER BY number"
    units = town.rows("inventory", shelf, id=line.material_id)
    return {"broken_unit_ids": [str(unit.id) for unit in units[:1]]}


def _units_back(town: Town, line: Any, coming: int, lost: int, outcome: str) -> dict[str, Any]:
    if line.kind != "numbered" or not coming:
        return {}
    out = town.rows("inventory", "SELECT id FROM units WHERE line_id = %(id)s ORDER BY number", id=line.id)
    units = [str(unit.id) for unit in out]
    named = {"unit_ids": units[lost:coming]}
    return named | ({f"{outcome}_unit_ids": units[:lost]} if lost else {})


STEPS = {hand_out: 25, take_back: 15}
