"""What has to agree in this town: which effects follow from which events, and what may never be too many."""

from __future__ import annotations

from tests.faults.ledger import Limit, Mirror

MIRRORS = (
    Mirror(
        "one handover for each depot of an approved booking",
        "bookings",
        """SELECT DISTINCT aggregateid, line->>'depot_id' FROM outbox, jsonb_array_elements(payload->'lines') AS line
           WHERE type = 'bookings.booking-approved.v1' AND line->>'state' = 'confirmed'
             AND line->>'depot_id' IS NOT NULL""",
        "inventory",
        "SELECT booking_id::text, depot_id::text FROM handovers",
    ),
    Mirror(
        "handovers, as bookings knows them",
        "inventory",
        "SELECT id, booking_id, depot_id FROM handovers",
        "bookings",
        "SELECT id, booking_id, depot_id FROM handovers",
    ),
    Mirror(
        "pieces handed out and come back",
        "inventory",
        """SELECT booking_line_id, handed_out, returned, broken, missing FROM handover_lines
           WHERE handed_out > 0""",
        "bookings",
        "SELECT id, handed_out, returned, broken, missing FROM booking_lines WHERE handed_out > 0",
    ),
    Mirror(
        "stock",
        "inventory",
        "SELECT id, owned - broken - missing - consumed FROM materials",
        "bookings",
        "SELECT id, total FROM resources WHERE kind <> 'facility'",
    ),
    Mirror(
        "people told of a confirmed booking",
        "bookings",
        "SELECT id::text FROM outbox WHERE type = 'bookings.booking-approved.v1'",
        "notifications",
        "SELECT event_id FROM notices WHERE template = 'booking_confirmed'",
    ),
    Mirror(
        "people told of a place on a shift",
        "volunteers",
        "SELECT id::text FROM outbox WHERE type = 'volunteers.sign-up-confirmed.v1'",
        "notifications",
        "SELECT event_id FROM notices WHERE template = 'shift_confirmed'",
    ),
    *(
        Mirror(
            "associations",
            "accounts",
            "SELECT id, name FROM associations",
            service,
            f"SELECT {key}, name FROM associations",
        )
        for service, key in (("inventory", "id"), ("bookings", "id"), ("notifications", "association_id"))
    ),
)

LIMITS = (
    Limit(
        "materials: more promised at one moment than there are",
        "bookings",
        """WITH changes AS (
               SELECT resource_id, lower(during) AS at, quantity AS delta FROM quantity_holds
               UNION ALL
               SELECT resource_id, upper(during), -quantity FROM quantity_holds WHERE upper(during) IS NOT NULL),
           levels AS (
               SELECT resource_id, sum(delta) OVER (PARTITION BY resource_id ORDER BY at, delta) AS level FROM changes)
           SELECT r.id FROM levels JOIN resources r ON r.id = levels.resource_id
           GROUP BY r.id, r.total
           HAVING max(level) > r.total + (SELECT coalesce(sum(short_by), 0) FROM booking_lines
                                          WHERE resource_id = r.id)""",
    ),
    Limit(
        "units and halls: promised to two at one moment",
        "bookings",
        """SELECT a.unit_id FROM unit_holds a JOIN unit_holds b
           ON a.unit_id = b.unit_id AND a.id < b.id AND a.during && b.during""",
    ),
    Limit(
        "shifts: more places given than there are",
        "volunteers",
        """SELECT r.id FROM roles r
           WHERE r.capacity < (SELECT coalesce(sum(places), 0) FROM sign_ups
                               WHERE role_id = r.id AND state IN ('confirmed', 'offered'))""",
    ),
    Limit(
        "shifts: places counted wrongly",
        "volunteers",
        """SELECT r.id FROM roles r JOIN shifts ON shifts.id = r.shift_id AND shifts.state = 'published'
           WHERE r.taken <> (SELECT count(*) FROM seats WHERE role_id = r.id AND active)
             + (SELECT coalesce(sum(places), 0) FROM sign_ups WHERE role_id = r.id AND state = 'offered')""",
    ),
    Limit(
        "people: in two places at once",
        "volunteers",
        """SELECT a.person_id FROM seats a JOIN seats b
           ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during AND a.active AND b.active""",
    ),
)

# What each service has made of what others told it, apart from when it heard.
STATE = {
    "inventory": (
        "SELECT id, name FROM associations",
        "SELECT booking_id, depot_id, number, state, version FROM handovers",
        "SELECT booking_line_id, quantity, handed_out, returned FROM handover_lines",
    ),
    "bookings": (
        "SELECT id, name, active FROM associations",
        "SELECT id, name FROM depots",
        "SELECT id, kind, name, total, active FROM resources",
        "SELECT id, resource_id, number FROM units",
        "SELECT id, booking_id FROM handovers",
        "SELECT id, state, handed_out, returned, broken, missing, left_stock FROM booking_lines",
        "SELECT booking_id, what, person_id FROM booking_history",
    ),
    "notifications": (
        "SELECT * FROM bookings",
        "SELECT * FROM associations",
        "SELECT * FROM depots",
        "SELECT * FROM facilities",
        "SELECT * FROM materials",
        "SELECT event_id, template, audience FROM notices",
    ),
    "volunteers": (
        "SELECT * FROM associations",
        "SELECT * FROM memberships",
        "SELECT * FROM qualifications",
    ),
}
