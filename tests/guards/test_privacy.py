"""The log is kept for ever, so no event may hold what a person must be able to have erased.

Ids, instants, numbers and closed lists of words are harmless. A text that is open is harmless only for a reason, which
stands here. Names of fields, what is said about them, and the examples that are kept are searched as well.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest

from shared.contracts import REGISTRY, Event
from shared.contracts.codec import schema_of
from shared.contracts.examples import LIKELY
from shared.contracts.glossary import meanings
from shared.contracts.golden import FOLDER
from shared.contracts.values import Words

OPEN_TEXTS = {
    "An association is in a public register, with its name and town.": {
        "AssociationUpdated.name",
        "AssociationUpdated.town",
        "InvitationMade.association",
    },
    "Staff name the municipality's things, for everybody to see.": {
        "Alternative.name",
        "BookedLine.name",
        "BookedLine.unit_name",
        "DepotUpdated.name",
        "DepotUpdated.town",
        "FacilityUpdated.category",
        "FacilityUpdated.name",
        "FacilityUpdated.town",
        "MaterialUpdated.category",
        "MaterialUpdated.name",
        "MaterialUpdated.requirement",
        "MaterialUpdated.unit_name",
        "ShortageLine.name",
        "ShortLine.name",
        "ShortLine.unit_name",
    },
    "A facility's owner is an institution: the municipality, a school, an association.": {
        "FacilityUpdated.owner",
    },
    "We make the number ourselves, from the year and a count.": {
        "BookingApproved.number",
        "BookingBecameOverdue.number",
        "BookingCancelled.number",
        "BookingPutAtRisk.number",
        "BookingRefused.number",
        "BookingRequested.number",
        "BookingSecured.number",
    },
    "A slug of a list that a municipality may add to, so it cannot be closed here.": {
        "FacilityUpdated.picture",
        "MaterialUpdated.picture",
        "QualificationEnded.qualification",
        "QualificationGranted.qualification",
        "SignUpFlagged.rules",
    },
    "A time of day, HH:MM.": {"OpeningHours.closes", "OpeningHours.opens"},
    "The part of the municipality, from the list of places.": {"ShiftChanged.area", "ShiftPublished.area"},
}
ALLOWED = set().union(*OPEN_TEXTS.values())

PERSONAL = (
    r"e-?mail|(tele)?phone|telefon|tlf|mobile?|mobil|cpr|ssn|person(al)?( ?number|nummer)|civil( registration)? number"
    r"|birth(day|date)?|born|fødsels(dag|dato)?|foedsels(dag|dato)?|surname|fornavn|efternavn|initials"
    r"|street|vej|house|hus|zip|postcode|post|iban"
)
UNLIKELY = (
    r"address|adresse|age|alder|gender|sex|first|last|full|given|nick|photo|card|signature|ip"
    r"|note|comment|remark|reason|purpose|text|message|description"
)
ENDINGS = r"(s|names?|nr|no|number|nummer)?(?![a-zæøå])"
NAMED = re.compile(rf"(?<![a-zæøå])({PERSONAL}|{UNLIKELY}){ENDINGS}")  # these words are no field's name
SAID = re.compile(rf"(?<![a-zæøå])({PERSONAL}){ENDINGS}")  # these are not said of any field
SLUG = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
ID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
VALUES = re.compile(
    r"\b\d{6}[- ]?\d{4}\b"  # a CPR number
    r"|\S@\S"
    r"|\b\d{2}(?P<gap>[ .-]?)\d{2}(?P=gap)\d{2}(?P=gap)\d{2}\b"  # a telephone number
    r"|\b\d{4} [A-ZÆØÅ][a-zæøå]"  # a postcode and its town
    r"|(vej|gade|stræde|vænget?|allé) \d"  # a house
)


@dataclass(frozen=True)
class Field:
    name: str  # Class.field
    said: str
    is_open_text: bool
    words: tuple[str, ...] = ()

    def troubles(self) -> Iterator[str]:
        if odd := [word for word in self.words if not SLUG.fullmatch(word)]:
            yield f"{self.name} lists what is no slug: {', '.join(odd)}"
        if self.is_open_text and self.name not in ALLOWED:
            yield f"{self.name} is an open text: close its list of words, or say in OPEN_TEXTS why it names nobody"
        if found := NAMED.search(in_words(self.name)) or SAID.search(self.said.lower()):
            yield f"{self.name} looks like something of a person: {found.group()}"


def in_words(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ")


def fields_of(cls: type) -> Iterator[Field]:
    """Of the class and of all that it is made of."""
    hints, said = typing.get_type_hints(cls, include_extras=True), meanings(cls)
    for field in fields(cls):
        leaves = list(leaves_of(hints[field.name]))
        words = tuple(word for leaf in leaves if isinstance(leaf, Words) for word in leaf.words)
        yield Field(f"{cls.__name__}.{field.name}", said.get(field.name, ""), str in leaves, words)
        for part in (leaf for leaf in leaves if isinstance(leaf, type) and is_dataclass(leaf)):
            yield from fields_of(part)


def leaves_of(hint: Any) -> Iterator[Any]:
    if typing.get_origin(hint) is Annotated:
        yield from (one for one in hint.__metadata__ if isinstance(one, Words))
        return
    inner = [one for one in typing.get_args(hint) if one not in (type(None), Ellipsis)]
    if not inner:
        yield hint
    for one in inner:
        yield from leaves_of(one)


def troubles_of(cls: type) -> list[str]:
    return sorted({trouble for field in fields_of(cls) for trouble in field.troubles()})


def troubles_in(content: Any) -> Iterator[str]:
    """Names and texts of a JSON document that look like something of a person."""
    if isinstance(content, dict):
        yield from (name for name in content if NAMED.search(in_words(name)))
        for value in content.values():
            yield from troubles_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from troubles_in(value)
    elif VALUES.search(ID.sub("", str(content))):
        yield content


def open_texts(form: dict[str, Any], told: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The texts of an example that its form leaves open, each with its field."""
    form = next((one for one in form.get("anyOf", []) if one != {"type": "null"}), form)
    if isinstance(told, dict):
        for inner, value in told.items():
            yield from open_texts(form["properties"][inner], value, inner)
    elif isinstance(told, list):
        for value in told:
            yield from open_texts(form["items"], value, name)
    elif isinstance(told, str) and "enum" not in form and "format" not in form:
        yield name, told


def strangers_in(golden: list[dict[str, Any]]) -> list[str]:
    """Texts that are neither the name of their field nor one of those that we made up for all examples."""
    told = [text for form in golden for one in form["examples"] for text in open_texts(form["schema"], one)]
    return [text for name, text in told if text not in ("", name, *LIKELY.values())]


@pytest.mark.parametrize("event_type", sorted(REGISTRY))
def test_no_event_has_room_for_what_belongs_to_a_person(event_type: str) -> None:
    assert troubles_of(REGISTRY[event_type]) == []


@pytest.mark.parametrize("golden", sorted(FOLDER.glob("*.json")), ids=lambda golden: golden.stem)
def test_no_example_of_an_event_holds_what_belongs_to_a_person(golden: Path) -> None:
    content = json.loads(golden.read_text())
    assert list(troubles_in(content)) == []
    assert strangers_in(content) == []


def test_what_examples_are_made_of_belongs_to_nobody() -> None:
    assert list(troubles_in(list(LIKELY.values()))) == []


def test_what_is_allowed_is_still_there() -> None:
    assert {field.name for event in REGISTRY.values() for field in fields_of(event) if field.is_open_text} == ALLOWED


@dataclass(frozen=True)
class Guest:
    """A part of the planted event.

    who: her surname.
    """

    who: UUID
    wishes: str


@dataclass(frozen=True)
class Planted(Event):
    """An event as it must not be.

    code: the borrower's civil registration number.
    """

    person_id: UUID
    email: str
    birth_date: date | None
    phone: int
    role: Annotated[str, Words("chair", "member")]
    nicknames: tuple[str, ...]
    tlf: int
    telefonnummer: int
    personnummer: int
    cprnr: int
    house_number: int
    fødselsdag: date
    helper: Annotated[str, Words("Mette Hansen", "Ole Skov")]
    code: int  # said below
    guests: tuple[Guest, ...] = ()


def test_a_planted_field_is_found() -> None:
    found = {trouble.partition(" ")[0].partition(".")[2]: trouble for trouble in troubles_of(Planted)}
    innocent = {"person_id", "role", "guests"}
    assert set(found) == {name for cls in (Planted, Guest) for name in cls.__annotations__} - innocent


@pytest.mark.parametrize("text", ["010203-1234", "0102031234", "mette@klub.example", "+45 12 34 56 78", "12-34-56-78"])
def test_a_planted_value_is_found(text: str) -> None:
    examples = [{"lines": [{"name": f"Mette ({text})"}]}]
    assert list(troubles_in(examples)) == [f"Mette ({text})"]
    assert list(troubles_in({"properties": {"contact_email": {"type": "string"}}})) == ["contact_email"]


@pytest.mark.parametrize("text", ["Nørregade 12", "Havnen 3, 5610 Assens", "010203 1234"])
def test_a_planted_address_is_found(text: str) -> None:
    assert list(troubles_in({"name": text})) == [text]


def test_a_planted_name_is_found() -> None:
    form = {"schema": schema_of(Guest).form(), "examples": [{"who": str(UUID(int=1)), "wishes": "Mette Hansen"}]}
    assert strangers_in([form]) == ["Mette Hansen"]
