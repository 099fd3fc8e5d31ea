"""The demo's story can be told, and told again."""

from __future__ import annotations

from datetime import timedelta

from services.volunteers import seeds
from shared.contracts import accounts
from shared.ids import natural_id
from tests.volunteers.town import Town

NOW = timedelta(0)


def test_the_story_is_told_once(town: Town) -> None:
    town.tell(accounts.AssociationUpdated(natural_id("association", seeds.VILLAGE), seeds.VILLAGE, "Aarup"))
    for name, proof in (("noah", "trailerkort"), ("gerda", "hygiejnekursus")):
        town.qualify(seeds.person_id(name), proof)
    seeds.seed(town.database, NOW)
    told = counts(town)
    seeds.seed(town.database, NOW)
    assert counts(town) == told
    assert town.query("SELECT 1 FROM sign_ups WHERE state = 'waiting'")
    assert town.query("SELECT 1 FROM hours WHERE state = 'confirmed'")


def counts(town: Town) -> list[int]:
    return [town.query(f"SELECT count(*) FROM {table}")[0][0] for table in ("shifts", "sign_ups", "seats", "hours")]
