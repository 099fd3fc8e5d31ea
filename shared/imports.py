"""Tables from a Danish spreadsheet (UTF-8, semicolons, decimal comma): all rows are right, or nothing changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.errors import N_, Kind, Reason, Refusal

MOST_ROWS, MOST_DIGITS = 20_000, 12
ADDED, CHANGED, UNCHANGED, REFUSED = "added", "changed", "unchanged", "refused"
TRUE_WORDS, FALSE_WORDS = ("ja", "yes"), ("nej", "no")
_LOCK = select(func.pg_advisory_xact_lock(0x696D70))  # "imp"


class BadValue(ValueError):
    """A cell that cannot be read; says so in a translatable text with a remedy."""

    def __init__(self, slug: str, text: str, **params: Any) -> None:
        self.slug, self.text, self.params = slug, text, params
        super().__init__(slug)


@dataclass(frozen=True)
class Column:
    """One column: its heading in the file and how a cell is read. An optional one may be empty, never absent."""

    name: str
    read: Callable[[str], Any]
    optional: bool = False
    default: Any = None


@dataclass
class Row:
    """One row of the file. `line` counts from 1 at the heading; `outcome` and `changes` are the importer's.

    `problems` refuse the row, `notes` are only told.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    outcome: str = UNCHANGED
    name: str = ""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def refuse(self, column: str, slug: str, text: str, **params: Any) -> None:
        """Refuse this row: what is wrong with `column`, and what to do."""
        self.problems.append(Reason(slug, text, column, params))
        self.outcome = REFUSED


@dataclass
class ImportReport:
    rows: list[Row]
    dry_run: bool

    @property
    def refused(self) -> bool:
        return any(row.problems for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        outcomes = [row.outcome for row in self.rows]
        return {outcome: outcomes.count(outcome) for outcome in (ADDED, CHANGED, UNCHANGED, REFUSED)}

    def as_text(self) -> str:
        """For the terminal: the counts, and every row that is not unchanged."""
        lines = [", ".join(f"{count} {outcome}" for outcome, count in self.counts.items())]
        for row in self.rows:
            told = [*row.problems, *row.notes]
            said = [f"{reason.field}: {reason.text.format(**reason.params)}" for reason in told]
            said += [f"{name}: {old} → {new}" for name, (old, new) in row.changes.items()]
            if row.outcome != UNCHANGED:
                lines.append(f"  line {row.line}: {row.outcome} {row.name} {'; '.join(said)}".rstrip())
        return "\n".join(lines)


def lock_imports(session: Session) -> None:
    """One import at a time in each database: two would both add the same new thing."""
    session.execute(_LOCK)


def note_difference(row: Row, current: dict[str, Any] | None) -> None:
    """Column by column. `current` is what is stored, under the file's headings; None if nothing is."""
    if current is None:
        row.outcome = ADDED
        return
    row.changes = {column: (old, row.values[column]) for column, old in current.items() if old != row.values[column]}
    if row.changes:
        row.outcome = CHANGED


def read_rows(content: bytes, columns: Sequence[Column], key: Sequence[str]) -> list[Row]:
    """Read the whole table. Rows that cannot be read, or repeat another's `key`, carry their problems.

    Raises Refusal (422) with all reasons where the file as a whole cannot be read: encoding, headings, size.
    """
    table = csv.reader(io.StringIO(_decode(content), newline=""), delimiter=";", strict=True)
    try:
        lines = [(table.line_num, cells) for cells in table if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        text = N_("Linje {line} kan ikke læses: anførselstegn skal stå parvis. Ret linjen, og prøv igen.")
        raise _refuse([Reason("broken-line", text, "file", {"line": table.line_num})]) from error
    headings = [cell.strip() for cell in lines[0][1]] if lines else []
    _check_headings(headings, columns)
    if len(lines) - 1 > MOST_ROWS:
        text = N_("Filen har flere end {most} rækker. Del den i flere filer.")
        raise _refuse([Reason("too-many-rows", text, "file", {"most": MOST_ROWS})])
    rows = [_read_row(line, headings, cells, columns) for line, cells in lines[1:]]
    _refuse_repeated(rows, key)
    return rows


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        text = N_("Linje {line} er ikke UTF-8. Gem filen som “CSV UTF-8 (semikolonsepareret)”, og prøv igen.")
        raise _refuse([Reason("wrong-encoding", text, "file", {"line": line})]) from error


def _check_headings(headings: list[str], columns: Sequence[Column]) -> None:
    known = [column.name for column in columns]
    if any(headings) and not set(headings) & set(known):
        raise _refuse([_no_headings(headings, known)])
    reasons = [
        Reason(
            "missing-column", N_("Kolonnen “{column}” mangler. Tilføj den i første linje."), "file", {"column": name}
        )
        for name in known
        if name not in headings
    ] + [
        Reason("unknown-column", N_("Kolonnen “{column}” kendes ikke. Fjern den."), "file", {"column": name})
        for name in headings
        if name not in known
    ]
    if len(set(headings)) < len(headings):
        reasons.append(Reason("repeated-column", N_("En kolonne står der to gange. Fjern den ene."), "file"))
    if reasons:
        raise _refuse(reasons)


def _no_headings(first_line: Sequence[str], known: Sequence[str]) -> Reason:
    """One mistake behind many columns that are missing and as many that are not known."""
    if set(known) & {cell.strip(' "') for cell in ",".join(first_line).split(",")}:
        text = N_("Filen bruger komma, ikke semikolon. Gem den som “CSV UTF-8 (semikolonsepareret)”, og prøv igen.")
        return Reason("commas", text, "file")
    text = N_("Første linje er ikke overskrifter. Skriv dem øverst i filen: {headings}.")
    return Reason("no-headings", text, "file", {"headings": ";".join(known)})


def _refuse(reasons: list[Reason]) -> Refusal:
    return Refusal(Kind.INVALID, "unreadable-file", reasons)


def _read_row(line: int, headings: list[str], cells: list[str], columns: Sequence[Column]) -> Row:
    row = Row(line)
    if len(cells) != len(headings):
        text = N_("Rækken har {found} felter, men skal have {expected}. Se efter et manglende semikolon.")
        row.refuse("file", "wrong-cell-count", text, found=len(cells), expected=len(headings))
        return row
    texts = dict(zip(headings, (cell.strip() for cell in cells), strict=True))
    for column in columns:
        try:
            row.values[column.name] = _read_cell(column, texts[column.name])
        except BadValue as bad:
            row.refuse(column.name, bad.slug, bad.text, **bad.params)
    return row


def _read_cell(column: Column, text: str) -> Any:
    if text:
        return column.read(text)
    if column.optional:
        return column.default
    raise BadValue("missing-value", N_("Feltet er tomt. Skriv en værdi."))


def _refuse_repeated(rows: Iterable[Row], key: Sequence[str]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        values = tuple(str(row.values.get(name, "")).casefold() for name in key)
        if not all(values):
            continue
        if values in seen:
            text = N_("Den samme række står allerede i linje {first}. Fjern den ene, eller ret navnet.")
            row.refuse(key[0], "repeated-row", text, first=seen[values])
        seen.setdefault(values, row.line)


def text(longest: int = 200) -> Callable[[str], str]:
    """A text of at most `longest` characters, without control characters."""

    def read(cell: str) -> str:
        if len(cell) > longest or not cell.isprintable():
            raise BadValue("bad-text", N_("Teksten må højst være {longest} tegn på én linje."), longest=longest)
        return cell

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell.casefold() not in choices:
            raise BadValue("unknown-choice", N_("Skriv en af: {choices}."), choices=", ".join(choices))
        return cell.casefold()

    return read


def whole_number(least: int = 0, most: int = 100_000) -> Callable[[str], int]:
    def read(cell: str) -> int:
        digits = cell.replace(".", "") if _is_grouped(cell) else cell
        if not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit():
            raise BadValue("not-a-number", N_("“{value}” er ikke et helt tal. Skriv fx 40."), value=cell[:40])
        if len(digits) > MOST_DIGITS or not least <= int(digits) <= most:
            text = N_("Tallet skal være mellem {least} og {most}.")
            raise BadValue("out-of-range", text, least=least, most=most)
        return int(digits)

    return read


def _is_grouped(cell: str) -> bool:
    """1.295 is a whole number written with a thousands separator."""
    head, *groups = cell.removeprefix("-").split(".")
    return bool(groups) and 0 < len(head) <= 3 and all(len(group) == 3 for group in groups)


def amount(cell: str) -> Decimal:
    """An amount in kroner with a decimal comma, 1.295,00, at most two decimals and not negative."""
    try:
        value = Decimal(cell.replace(".", "").replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    exponent = value.as_tuple().exponent
    if not value.is_finite() or value < 0 or value > 10_000_000 or not isinstance(exponent, int) or exponent < -2:
        raise BadValue("not-an-amount", N_("“{value}” er ikke et beløb. Skriv fx 1295,00."), value=cell[:40])
    return value


def yes_or_no(cell: str) -> bool:
    if cell.casefold() in TRUE_WORDS + FALSE_WORDS:
        return cell.casefold() in TRUE_WORDS
    raise BadValue("not-yes-or-no", N_("Skriv ja eller nej."))


def clock_time(cell: str) -> time:
    """A time of day: 07.00 or 07:00."""
    try:
        return datetime.strptime(cell.replace(":", "."), "%H.%M").time()  # noqa: DTZ007 (a wall time has no zone)
    except ValueError as error:
        raise BadValue("not-a-time", N_("“{value}” er ikke et klokkeslæt. Skriv fx 07.30."), value=cell[:40]) from error


def day(cell: str) -> date:
    """A date: 14.08.2027."""
    try:
        return datetime.strptime(cell, "%d.%m.%Y").date()  # noqa: DTZ007 (a date has no zone)
    except ValueError as error:
        raise BadValue("not-a-date", N_("“{value}” er ikke en dato. Skriv fx 14.08.2027."), value=cell[:40]) from error
