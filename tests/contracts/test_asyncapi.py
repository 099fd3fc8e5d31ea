"""The AsyncAPI document is right by the official parser, and says all that the classes say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deploy.local import node
from shared.cli import main
from shared.contracts import REGISTRY, inventory
from shared.contracts.asyncapi import document

PARSE = Path(__file__).parent / "parser" / "parse.mjs"


def parsed(description: dict[str, Any]) -> dict[str, Any]:
    node.install_parser()
    told = json.dumps(description)
    done = subprocess.run([str(node.NODE), str(PARSE)], input=told, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_official_parser_has_nothing_to_say() -> None:
    assert parsed(document()) == {"messages": sorted(REGISTRY), "said": []}


def test_the_official_parser_would_say_something() -> None:
    spoiled = document()
    spoiled["components"]["schemas"]["bookings.booking-approved.v1"]["type"] = "thing"
    assert {one["code"] for one in parsed(spoiled)["said"]} == {"asyncapi-document-resolved"}


def test_the_command_prints_the_document() -> None:
    assert json.loads(CliRunner().invoke(main, ["contracts", "asyncapi"]).output) == document()


def test_fields_are_explained_and_old_versions_are_marked() -> None:
    described = document()
    change = described["components"]["schemas"][inventory.StockChanged.event_type]["properties"]["change"]
    assert change == {"type": "integer", "description": "pieces that came to it, negative for those that went"}
    old = inventory.StockChangedV1.event_type
    assert described["components"]["messages"][old]["deprecated"]
    sent = described["operations"]["inventory-tells"]["messages"]
    assert {"$ref": f"#/channels/inventory/messages/{old}"} not in sent


@pytest.mark.parametrize("publisher", sorted({event.publisher for event in REGISTRY.values()}))
def test_each_publisher_has_its_channel(publisher: str) -> None:
    assert document()["channels"][publisher]["address"] == f"{publisher}.events"
