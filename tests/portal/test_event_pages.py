"""The catalogue of events: every type with its form, its readers and an example that is right."""

from __future__ import annotations

import html
import json
import re

from shared.contracts import REGISTRY, asyncapi
from shared.contracts.base import decode
from tests.portal.conftest import Services, Visitor

PAGE = "/udviklere/haendelser"


def reacting(services: Services, **reactions: list[str]) -> None:
    for name in ("accounts", "inventory", "bookings", "volunteers", "notifications"):
        services.answer("GET", f"/{name}/events", {"publishes": [], "reacts_to": reactions.get(name, [])})


def entry(page: str, event_type: str) -> str:
    found = re.search(rf'<details class="k-event" id="{re.escape(event_type)}">.*?</details>', page, re.DOTALL)
    assert found
    return html.unescape(" ".join(found[0].split()))


def test_every_event_stands_in_it_and_who_reacts(visitor: Visitor, services: Services) -> None:
    reacting(services, bookings=["inventory.stock-changed.v2"], inventory=["bookings.booking-approved.v1"])
    page = visitor.see(PAGE).text
    assert "Reagerer: bookings" in entry(page, "inventory.stock-changed.v2")
    assert "Reagerer: inventory" in entry(page, "bookings.booking-approved.v1")
    assert "Ingen tjeneste reagerer endnu" in entry(page, "accounts.person-registered.v1")
    assert "Skrives ikke mere; læses som inventory.stock-changed.v2" in entry(page, "inventory.stock-changed.v1")
    assert "pieces that came to it, negative for those that went." in entry(page, "inventory.stock-changed.v2")
    form = entry(page, "bookings.booking-requested.v1")
    assert '<code>association_id</code> <span class="k-type">uuid | null</span>' in form
    assert '<code>kind</code> <span class="k-type">pool | numbered | consumable | facility</span>' in form
    assert '<code>lines</code> <span class="k-type">[ { … } ]</span>' in form
    assert [event_type for event_type in REGISTRY if f'id="{event_type}"' not in page] == []


def test_its_examples_are_events_that_we_read(visitor: Visitor, services: Services) -> None:
    page = visitor.see(PAGE).text
    for event_type in REGISTRY:
        found = re.search(r"<pre[^>]*>(.*?)</pre>", entry(page, event_type))
        assert found
        told = json.loads(found[1])
        assert told["type"] == event_type
        assert decode(event_type, told["data"])


def test_a_service_that_is_away_is_named_and_nobody_is_said_not_to_react(visitor: Visitor, services: Services) -> None:
    reacting(services)
    services.answers.pop(("GET", "/notifications/events"))
    page = visitor.see(PAGE).text
    assert "Disse tjenester svarer ikke lige nu" in page
    assert "notifications." in page
    assert "Ingen tjeneste reagerer endnu" not in page


def test_the_asyncapi_document_is_served_and_both_are_linked(visitor: Visitor) -> None:
    answer = visitor.see("/udviklere/asyncapi.json")
    assert (answer.status_code, answer.json) == (200, asyncapi.document())
    front = visitor.see("/udviklere").text
    assert f'href="{PAGE}"' in front
    assert 'href="/udviklere/asyncapi.json"' in front
