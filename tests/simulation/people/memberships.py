"""Who is in which association, and what people have proof of."""

from __future__ import annotations

from services.accounts.commands import import_associations
from tests.simulation.residents import HANDBALL, LARS, PEOPLE, SCOUTS, associations, email_of, person_id
from tests.simulation.town import Town

PROOFS = ("foerstehjaelp", "trailerkort")


def join(town: Town) -> bool:
    association = town.chance.choice((HANDBALL, SCOUTS))
    body = {
        "email": email_of(town.chance.choice(PEOPLE)),
        "role": town.chance.choice(("booker", "signatory", "member")),
    }
    town.ask("accounts", LARS, "POST", f"/associations/{association}/memberships", body)
    return True


def leave_or_change(town: Town) -> bool:
    held = town.pick("accounts", "SELECT id, association_id FROM memberships WHERE role <> 'chair' ORDER BY id")
    if held is None:
        return False
    path = f"/associations/{held.association_id}/memberships/{held.id}"
    if town.chance.random() < 0.5:
        town.ask("accounts", LARS, "DELETE", path)
    else:
        town.ask("accounts", LARS, "PATCH", path, {"role": town.chance.choice(("booker", "member"))})
    return True


def prove(town: Town) -> bool:
    """To have a proof, to have it longer, or not any more."""
    who, proof = town.chance.choice(PEOPLE), town.chance.choice(PROOFS)
    if town.chance.random() < 0.3:
        town.ask("accounts", LARS, "DELETE", f"/people/{person_id(who)}/qualifications/{proof}")
    else:
        body = {"qualification": proof, "valid_until": f"202{town.chance.randint(7, 9)}-12-31"}
        town.ask("accounts", LARS, "POST", f"/people/{person_id(who)}/qualifications", body)
    return True


def import_anew(town: Town) -> bool:
    """The file names another town, or only counts the members anew, which is nobody else's business."""
    content = associations(town.chance.randint(90, 99), town.chance.choice(("Haarby", "Ebberup", "Tommerup")))
    town.do("accounts", "import", lambda session: import_associations(session, content.encode(), dry_run=False))
    return True


STEPS = {join: 2, leave_or_change: 2, prove: 3, import_anew: 1}
