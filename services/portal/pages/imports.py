"""Import: a spreadsheet is tried first, row by row; what is confirmed then is the very file that was tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer

from services.portal import forms
from services.portal.answers import Problem
from services.portal.clients import api
from services.portal.forms import Errors
from services.portal.session import me
from services.portal.staff import staff_only
from shared.actors import DEPOT_STAFF, FACILITY_MANAGER, VOLUNTEER_COORDINATOR
from shared.errors import N_

blueprint = Blueprint("imports", __name__, url_prefix="/import")

LARGEST_FILE = 5 * 1024 * 1024
ROWS_SHOWN = 200

Json = dict[str, Any]


class Kind(NamedTuple):
    text: str
    columns: str
    choices: dict[str, str]
    roles: tuple[str, ...]
    send: Callable[[bytes, bool], Json]


KINDS = {
    "materials": Kind(
        N_("Materiel"),
        "navn;kategori;art;antal;enhed;klargøringsdage;krav;levering;værdi_kr;depot",
        {"art": "udlån, udlån nummereret, forbrug", "levering": "afhentning, personale"},
        (DEPOT_STAFF,),
        lambda content, dry_run: api().inventory.import_materials(content, dry_run),
    ),
    "facilities": Kind(
        N_("Lokaler og pladser"),
        "navn;type;by;ejer;plads_til;handicapegnet;del_af;åbner;lukker",
        {"handicapegnet": "ja, nej"},
        (FACILITY_MANAGER,),
        lambda content, dry_run: api().inventory.import_facilities(content, dry_run),
    ),
    "associations": Kind(
        N_("Foreninger"),
        "navn;cvr;folkeoplysende;by;målgruppe;medlemmer_under_25;medlemmer_over_25;godkendt",
        {"folkeoplysende": "ja, nej"},
        (),
        lambda content, dry_run: api().accounts.import_associations(content, dry_run),
    ),
    "shifts": Kind(
        N_("Vagter"),
        "titel;sag;sted;start;slut;pladser;minimum;mindstealder;krav;arrangør;forsikring",
        {},
        (VOLUNTEER_COORDINATOR,),
        lambda content, dry_run: api().volunteers.import_shifts(content, dry_run),
    ),
    "places": Kind(
        N_("Steder"),
        "sted;område;breddegrad;længdegrad",
        {},
        (VOLUNTEER_COORDINATOR,),
        lambda content, dry_run: api().volunteers.import_places(content, dry_run),
    ),
    "school-holidays": Kind(
        N_("Skoleferier"),
        "ferie;første_dag;sidste_dag",
        {},
        (VOLUNTEER_COORDINATOR,),
        lambda content, dry_run: api().volunteers.import_school_holidays(content, dry_run),
    ),
}

staff = staff_only(DEPOT_STAFF, FACILITY_MANAGER, VOLUNTEER_COORDINATOR)


@blueprint.get("")
@staff
def choose() -> Any:
    return _form(Errors())


@blueprint.post("")
@staff
def try_out() -> Any:
    kind = forms.text("kind")
    upload = request.files.get("file")
    content = upload.stream.read(LARGEST_FILE + 1) if upload else b""
    errors = Errors()
    if kind not in _my_kinds():
        errors.add("kind", _("Vælg, hvad filen indeholder."))
    if not content:
        errors.add("file", _("Vælg en fil, der ikke er tom."))
    if len(content) > LARGEST_FILE:
        errors.add("file", _("Filen fylder mere end 5 MB. Del den i flere filer."))
    if errors:
        return _form(errors, 422)
    try:
        report = KINDS[kind].send(content, True)
    except Problem as problem:
        if problem.status not in (400, 409, 413, 422):
            raise
        return _form(_file_errors(problem), problem.status)
    name = upload.filename if upload else ""
    tried = "" if report["counts"]["refused"] else _seal({"kind": kind, "name": name, "text": content.decode()})
    return _report(kind, name or "", report, tried)


@blueprint.post("/bekraeft")
@staff
def confirm() -> Any:
    """The file comes back from the page in a sealed field, so any portal process can carry it out."""
    try:
        tried = _sealer().loads(request.form.get("tried", ""))
    except BadSignature:
        abort(400)
    kind = tried["kind"]
    try:
        report = KINDS[kind].send(tried["text"].encode(), False)
    except Problem as problem:
        if problem.slug != "import-refused":
            raise
        return _report(kind, tried["name"], problem.document["report"], "")
    flash(_("%(name)s er hentet ind: %(counts)s.", name=tried["name"], counts=_counted(report["counts"])), "success")
    return redirect(url_for(".choose"), 303)


def _my_kinds() -> dict[str, Kind]:
    who = me()
    return {key: kind for key, kind in KINDS.items() if who and who.may(*kind.roles)}


def _form(errors: Errors, status: int = 200) -> Any:
    kinds = _my_kinds()
    chosen = forms.text("kind") or next(iter(kinds), "")
    options = [(key, _(kind.text)) for key, kind in kinds.items()]
    return render_template("imports/choose.html", errors=errors, kinds=kinds, options=options, chosen=chosen), status


def _report(kind: str, name: str, report: Json, tried: str) -> Any:
    by_outcome = {
        outcome: [row for row in report["rows"] if row["outcome"] == outcome]
        for outcome in ("refused", "changed", "added", "unchanged")
    }
    page = render_template(
        "imports/report.html",
        kind=kind,
        title=_(KINDS[kind].text),
        name=name,
        rows=by_outcome,
        counts=report["counts"],
        shown=ROWS_SHOWN,
        tried=tried,
        errors=Errors(),
    )
    return page, 422 if report["counts"]["refused"] else 200


def _counted(counts: dict[str, int]) -> str:
    parts = (
        ngettext("%(num)d ny", "%(num)d nye", counts["added"]),
        ngettext("%(num)d ændret", "%(num)d ændrede", counts["changed"]),
        ngettext("%(num)d uændret", "%(num)d uændrede", counts["unchanged"]),
    )
    return ", ".join(parts)


def _file_errors(problem: Problem) -> Errors:
    errors = Errors()
    for reason in problem.reasons:
        errors.add("file", reason["text"])
    return errors


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="kommunity-import")


def _seal(content: Json) -> str:
    """Signed, so that what is confirmed is what was tried, and compressed: a table shrinks to a fifth."""
    return str(_sealer().dumps(content))
