"""materiel.csv: what each depot owns. `antal` counts all that was acquired, also what is broken or used up."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.inventory.commands.imports.common import IMPORTED, rights_missing
from services.inventory.commands.ledger import Ground, change_total, enter, lock_materials, resize_units
from services.inventory.commands.publishing import publish_depot, publish_material
from services.inventory.domain.catalogue import (
    DEPOT_OPENING_HOURS,
    MATERIAL_LEAD_TIME_HOURS,
    MATERIAL_LONGEST_LOAN_DAYS,
    material_picture,
    town_of,
)
from services.inventory.domain.stock import Cause, against_owning
from services.inventory.models import Depot, Material
from shared import clock
from shared.actors import DEPOT_STAFF, Actor
from shared.errors import N_
from shared.ids import natural_id
from shared.imports import (
    ADDED,
    UNCHANGED,
    Column,
    ImportReport,
    Row,
    amount,
    lock_imports,
    note_difference,
    one_of,
    read_rows,
    text,
    whole_number,
)

KINDS = {"udlån": "pool", "udlån nummereret": "numbered", "forbrug": "consumable"}
DELIVERIES = {"afhentning": "pickup", "personale": "staff"}
KIND_WORDS = {kind: word for word, kind in KINDS.items()}
DELIVERY_WORDS = {delivery: word for word, delivery in DELIVERIES.items()}

COLUMNS = (
    Column("navn", text()),
    Column("kategori", text(100)),
    Column("art", one_of(*KINDS)),
    Column("antal", whole_number()),
    Column("enhed", text(20)),
    Column("klargøringsdage", whole_number(most=30)),
    Column("krav", text(100), optional=True, default=""),
    Column("levering", one_of(*DELIVERIES)),
    Column("værdi_kr", amount, optional=True, default=Decimal(0)),
    Column("depot", text()),
)


@dataclass
class Known:
    """What the database has of what the file names."""

    depots: dict[UUID, Depot] = field(default_factory=dict)
    materials: dict[UUID, Material] = field(default_factory=dict)


def import_materials(session: Session, content: bytes, *, dry_run: bool, actor: Actor | None = None) -> ImportReport:
    """Without an actor (the command line) everything may be changed."""
    rows = read_rows(content, COLUMNS, key=("navn", "depot"))
    known = _known(session, rows, dry_run)
    for row in rows:
        _compare(row, known, actor)
    report = ImportReport(rows, dry_run)
    if not dry_run and not report.refused:
        ground = Ground(clock.now(), IMPORTED, actor.person_id if actor else None)
        for row in rows:
            if row.outcome != UNCHANGED:
                _apply(session, row, known, ground)
    return report


def _depot_id(row: Row) -> UUID:
    return natural_id("depot", row.values.get("depot", ""))


def _material_id(row: Row) -> UUID:
    return natural_id("material", row.values.get("depot", ""), row.values.get("navn", ""))


def _known(session: Session, rows: list[Row], dry_run: bool) -> Known:
    ids = [_material_id(row) for row in rows]
    if dry_run:
        materials = {
            material.id: material for material in session.scalars(select(Material).where(Material.id.in_(ids)))
        }
    else:
        lock_imports(session)
        materials = lock_materials(session, ids)
    return Known({depot.id: depot for depot in session.scalars(select(Depot))}, materials)


def _compare(row: Row, known: Known, actor: Actor | None) -> None:
    """Say what the row would do, or why it cannot be."""
    row.name = row.values.get("navn", "")
    material = known.materials.get(_material_id(row))
    if row.problems:
        return
    note_difference(row, _as_row(material) if material else None)
    if material is not None:
        _refuse_impossible(row, material)
    for reason in against_owning(row.values["antal"], row.values["art"] == KIND_WORDS["numbered"], "antal"):
        row.refuse("antal", reason.slug, reason.text, **reason.params)
    if row.outcome != UNCHANGED and actor is not None and not actor.has_role(DEPOT_STAFF, _depot_id(row)):
        rights_missing(row, "depot")


def _refuse_impossible(row: Row, material: Material) -> None:
    if "art" in row.changes:
        text = N_("Arten kan ikke ændres fra “{old}”. Opret materiellet under et andet navn.")
        row.refuse("art", "kind-changed", text, old=KIND_WORDS[material.kind])
    if row.values["antal"] < material.stock.least_owned:
        text = N_("{least} er ude, i stykker, mangler eller er brugt. Skriv mindst {least}, eller ret lageret først.")
        row.refuse("antal", "below-in-use", text, least=material.stock.least_owned)


def _as_row(material: Material) -> dict[str, Any]:
    """The material as the file would have it; its depot is part of its id."""
    return {
        "navn": material.name,
        "kategori": material.category,
        "art": KIND_WORDS[material.kind],
        "antal": material.owned,
        "enhed": material.unit_name,
        "klargøringsdage": material.preparation_days,
        "krav": material.requirement,
        "levering": DELIVERY_WORDS[material.delivery],
        "værdi_kr": Decimal(material.value_ore) / 100,
    }


def _apply(session: Session, row: Row, known: Known, ground: Ground) -> None:
    depot = known.depots.get(_depot_id(row)) or _open_depot(session, row, known)
    if row.outcome == ADDED:
        material = Material(
            id=_material_id(row),
            depot=depot,
            kind=KINDS[row.values["art"]],
            lead_time_hours=MATERIAL_LEAD_TIME_HOURS,
            longest_loan_days=MATERIAL_LONGEST_LOAN_DAYS,
            **_attributes(row),
        )
        session.add(material)
        _stock_up(session, material, row.values["antal"], ground)
        publish_material(session, material)
        return
    material = known.materials[_material_id(row)]
    change = row.values["antal"] - material.owned
    if material.is_numbered:
        resize_units(material, change)
    change_total(session, material, Cause.CORRECTION, change, ground)
    if row.changes.keys() - {"antal"}:
        for name, value in _attributes(row).items():
            setattr(material, name, value)
        publish_material(session, material)
    material.version += 1


def _stock_up(session: Session, material: Material, count: int, ground: Ground) -> None:
    session.flush()
    if material.is_numbered:
        resize_units(material, count)
    if count:
        enter(session, material, Cause.CORRECTION, count, ground)


def _open_depot(session: Session, row: Row, known: Known) -> Depot:
    name = row.values["depot"]
    depot = Depot(
        id=_depot_id(row), name=name, town=town_of(name), opening_hours=DEPOT_OPENING_HOURS, closed_on=[], version=1
    )
    session.add(depot)
    publish_depot(session, depot)
    known.depots[depot.id] = depot
    return depot


def _attributes(row: Row) -> dict[str, Any]:
    values = row.values
    return {
        "name": values["navn"],
        "category": values["kategori"],
        "picture": material_picture(values["navn"], values["kategori"]),
        "unit_name": values["enhed"],
        "preparation_days": values["klargøringsdage"],
        "requirement": values["krav"],
        "needs_approval": bool(values["krav"]),
        "delivery": DELIVERIES[values["levering"]],
        "value_ore": int(values["værdi_kr"] * 100),
    }
