"""Who may see and do what, as tables."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask

from shared.db import Database
from shared.ids import natural_id
from tests.inventory.stories import (
    ALI,
    ASSENS,
    FACILITIES,
    GLAMSBJERG,
    HANDBALL,
    HANNE,
    KAREN,
    MATERIALS,
    SCOUTS,
    a_line,
    administrator,
    an_approved_booking,
    booker,
    depot_staff,
    events,
    material_id,
)
from tests.support.client import Caller

PEOPLE: dict[str, Callable[[Flask], Caller]] = {
    "nobody": Caller,
    "stranger": lambda app: Caller(app, ALI),
    "other association": lambda app: Caller(app, ALI, memberships={SCOUTS: ["chair"]}, acting_for=SCOUTS),
    "borrower": booker,
    "fellow member": lambda app: Caller(app, ALI, memberships={HANDBALL: ["chair"]}),
    "other depot": lambda app: depot_staff(app, KAREN, GLAMSBJERG),
    "hall manager": lambda app: Caller(app, HANNE, staff=["facility_manager:municipality:"]),
    "depot staff": depot_staff,
    "administrator": administrator,
}
CHAIR = material_id("Stabelstol")
DEPOT = natural_id("depot", ASSENS)
HALL = natural_id("facility", "Glamsbjerg Demohal")
CORRECTION = {"change": -1, "cause": "broken", "reason": "Optælling"}

# Answers in the order of PEOPLE.
RIGHTS = {
    "GET /depots": (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "GET /resources/{chair}": (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "GET /handovers/{handover}": (401, 404, 404, 200, 200, 404, 404, 200, 200),
    "GET /bookings/{booking}/handovers": (401, 404, 404, 200, 200, 404, 404, 200, 200),
    "POST /handovers/{handover}/hand-outs": (401, 404, 404, 403, 403, 404, 404, 201, 201),
    "POST /handovers/{handover}/returns": (401, 404, 404, 403, 403, 404, 404, 409, 409),
    "GET /handovers": (401, 403, 403, 403, 403, 200, 403, 200, 200),
    "GET /handovers?depot_id={depot}": (401, 403, 403, 403, 403, 404, 403, 200, 200),
    "GET /stock?depot_id={depot}": (401, 403, 403, 403, 403, 404, 403, 200, 200),
    "GET /shortages?depot_id={depot}": (401, 403, 403, 403, 403, 404, 403, 200, 200),
    "GET /resources/{chair}/stock-movements": (401, 403, 403, 403, 403, 403, 403, 200, 200),
    "POST /resources/{chair}/stock-corrections": (401, 403, 403, 403, 403, 403, 403, 201, 201),
    "PATCH /resources/{chair}": (401, 403, 403, 403, 403, 403, 403, 200, 200),
    "PATCH /resources/{hall}": (401, 403, 403, 403, 403, 403, 200, 403, 200),
    "PATCH /depots/{depot}": (401, 403, 403, 403, 403, 403, 403, 200, 200),
    "POST /imports/materials": (401, 403, 403, 403, 403, 200, 403, 200, 200),
    "POST /imports/facilities": (401, 403, 403, 403, 403, 403, 200, 403, 200),
}


@pytest.mark.parametrize("route", RIGHTS)
def test_rights(app: Flask, database: Database, route: str) -> None:
    answers = []
    for who in PEOPLE.values():
        booking_id = an_approved_booking(database, a_line("Stabelstol", 1), number=str(uuid4()))
        answers.append(_status(route, who(app), booking_id, administrator(app)))
    assert dict(zip(PEOPLE, answers, strict=True)) == dict(zip(PEOPLE, RIGHTS[route], strict=True))


def _status(route: str, caller: Caller, booking_id: UUID, known_by: Caller) -> int:
    method, _, pattern = route.partition(" ")
    handover = known_by.get(f"/bookings/{booking_id}/handovers").json["handovers"][0]
    path = pattern.format(handover=handover["id"], booking=booking_id, chair=CHAIR, hall=HALL, depot=DEPOT)
    version = 1
    if method == "PATCH" or "corrections" in path:
        thing = known_by.get(f"/resources/{HALL if str(HALL) in path else CHAIR}").json
        depot = next(one for one in known_by.get("/depots").json["depots"] if one["id"] == str(DEPOT))
        version = depot["version"] if "depots" in path else thing["version"]
    lines = [{"line_id": handover["lines"][0]["id"], "quantity": 1}]
    bodies = {"hand-outs": {"lines": lines}, "returns": {"lines": lines}, "stock-corrections": CORRECTION}
    files = {"materials": MATERIALS, "facilities": FACILITIES}
    last = path.rpartition("/")[2]
    if last in files:
        return caller.post(path, data=files[last], content_type="text/csv").status_code
    content = {"json": bodies.get(last, {})} if method != "GET" else {}
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
    return caller.send(method, path, headers, **content).status_code


def test_lists_show_only_what_is_at_ones_own_depot(app: Flask, database: Database) -> None:
    an_approved_booking(database, a_line("Stabelstol", 40))
    karen = depot_staff(app, KAREN, GLAMSBJERG)
    assert karen.get("/handovers").json["handovers"] == []
    assert {item["depot_name"] for item in karen.get("/stock").json["items"]} == {GLAMSBJERG}
    assert len(administrator(app).get("/stock").json["items"]) == 20


def test_units_and_choices_at_the_desk_are_for_staff_alone(app: Flask, database: Database) -> None:
    tent = material_id("Festtelt 6x12 m")
    assert Caller(app).get(f"/resources/{tent}").json["units"] == []
    assert len(depot_staff(app).get(f"/resources/{tent}").json["units"]) == 2
    booking_id = an_approved_booking(database, a_line("Festtelt 6x12 m", 1, kind="numbered"))
    for caller, choices in ((booker(app), 0), (depot_staff(app), 2)):
        handover = caller.get(f"/bookings/{booking_id}/handovers").json["handovers"][0]
        assert len(handover["lines"][0]["available_units"]) == choices


def test_a_line_of_another_handover_is_refused(app: Flask, database: Database) -> None:
    ole = depot_staff(app)
    ids = [an_approved_booking(database, a_line("Stabelstol", 1), number=str(number)) for number in range(2)]
    mine, other = (ole.get(f"/bookings/{one}/handovers").json["handovers"][0] for one in ids)
    body = {"lines": [{"line_id": other["lines"][0]["id"], "quantity": 1}]}
    refused = ole.post(f"/handovers/{mine['id']}/hand-outs", version=1, json=body)
    assert [reason["slug"] for reason in refused.json["reasons"]] == ["unknown-line", "nothing-entered"]


def test_a_depot_changes_its_hours_and_tells(app: Flask, database: Database) -> None:
    ole, path = depot_staff(app), f"/depots/{DEPOT}"
    hours = [{"weekday": 5, "opens": "09:00", "closes": "12:00"}, {"weekday": 0, "opens": "07:00", "closes": "15:00"}]
    answer = ole.patch(path, version=1, json={"opening_hours": hours, "closed_on": ["2027-12-24"]})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    (event,) = events(database)
    assert ([opening["weekday"] for opening in event["opening_hours"]], event["closed_on"]) == ([0, 5], ["2027-12-24"])
    wrong = [{"weekday": 0, "opens": "07:00", "closes": "15:00"}, {"weekday": 0, "opens": "14:00", "closes": "13:00"}]
    refused = ole.patch(path, version=2, json={"opening_hours": wrong})
    assert [reason["field"] for reason in refused.json["reasons"]] == ["opening_hours.1.closes"]
    assert ole.patch(path, version=1, json={"closed_on": []}).status_code == 412


def test_closing_days_lie_in_a_year_that_can_be_meant(app: Flask) -> None:
    days = ["0001-01-01", "1999-12-31", "2000-01-01", "2100-12-31", "9999-12-31"]
    refused = depot_staff(app).patch(f"/depots/{DEPOT}", version=1, json={"closed_on": days})
    assert refused.status_code == 422
    reasons = {reason["field"]: reason["text"] for reason in refused.json["reasons"]}
    assert reasons.keys() == {"closed_on.0", "closed_on.1", "closed_on.4"}
    assert set(reasons.values()) == {"Skal være mellem 2000-01-01 og 2100-12-31."}
