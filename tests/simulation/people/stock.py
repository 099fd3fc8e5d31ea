"""The depots' staff count, mend and retire; the catalogue is changed by hand and by file."""

from __future__ import annotations

from typing import Any

from services.inventory.commands import import_materials
from tests.simulation.residents import LARS, MATERIAL_IDS, materials
from tests.simulation.town import Town

# What is corrected, in which direction, and the state that a numbered unit has before.
CORRECTIONS = (
    ("correction", -1, "usable"),
    ("correction", 1, ""),
    ("broken", -1, "usable"),
    ("missing", -1, "usable"),
    ("found", 1, "missing"),
    ("repaired", 1, "broken"),
)


def correct(town: Town) -> bool:
    """Also tents, by their numbers: taken out of lending for good, or mended."""
    material = _material(town)
    cause, sign, before = town.chance.choice(CORRECTIONS)
    body: dict[str, Any] = {"cause": cause, "change": sign * town.chance.randint(1, 3), "reason": "Talt op."}
    if material.kind == "numbered":
        body["change"] = sign
        units = town.rows(
            "inventory",
            """SELECT id FROM units WHERE material_id = %(id)s AND state = %(before)s AND line_id IS NULL
            ORDER BY number""",
            id=material.id,
            before=before,
        )
        body["unit_ids"] = [str(unit.id) for unit in units[:1]]
    town.ask("inventory", LARS, "POST", f"/resources/{material.id}/stock-corrections", body, material.version)
    return True


def describe(town: Town) -> bool:
    """Words, or whether it can be borrowed at all."""
    material = _material(town)
    body = {"description": f"Nr. {town.chance.randint(1, 99)}", "active": town.chance.random() < 0.8}
    town.ask("inventory", LARS, "PATCH", f"/resources/{material.id}", body, material.version)
    return True


def import_anew(town: Town) -> bool:
    """The file says how much was acquired, and how it is delivered."""
    chance = town.chance
    content = materials(chance.randint(10, 14), chance.randint(6, 12), chance.choice(("afhentning", "personale")))
    town.do("inventory", "import", lambda session: import_materials(session, content.encode(), dry_run=False))
    return True


def _material(town: Town) -> Any:
    name = town.chance.choice(sorted(MATERIAL_IDS))
    return town.rows("inventory", "SELECT id, kind, version FROM materials WHERE id = %(id)s", id=MATERIAL_IDS[name])[0]


STEPS = {correct: 5, describe: 2, import_anew: 2}
