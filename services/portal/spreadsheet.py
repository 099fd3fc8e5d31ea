"""Tables that a Danish spreadsheet opens as they are meant: UTF-8 with its mark, semicolons, decimal comma.

A spreadsheet carries out a cell that begins like a formula, whoever wrote it. An apostrophe in front makes it text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(heading: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in (heading, *rows):
        writer.writerow([cell(one) for one in row])
    return out.getvalue().encode("utf-8-sig")


def cell(value: str | float) -> str:
    """Numbers with a comma; texts as they are, unless a spreadsheet would take them for a formula."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    return f"'{value}" if value.lstrip(" ").startswith(DANGEROUS) else value


def download(name: str, content: bytes) -> Response:
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
