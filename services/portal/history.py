"""What happened to a booking, as sentences."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext

from shared.errors import N_

SENTENCES = {
    "requested": N_("Bookingen blev sendt."),
    "approved": N_("Bekræftet: {summary}"),
    "refused": N_("Afvist: {summary}"),
    "cancelled": N_("Bookingen blev aflyst."),
    "reduced": N_("{name}: {quantity} i stedet for {before}."),
    "dropped": N_("{name} blev taget ud."),
    "handed-out": N_("Depotet udleverede: {summary}"),
    "returned": N_("Depotet tog imod: {summary}"),
    "at-risk": N_("Bookingen er i fare. Der mangler: {summary}"),
    "secured": N_("Der er nok igen. Bookingen er ikke længere i fare."),
    "overdue": N_("Tiden for aflevering er gået, og ikke alt er kommet tilbage."),
}
OF_THE_WHOLE = {"approved": N_("Bookingen blev bekræftet."), "refused": N_("Bookingen blev afvist.")}


def happened(event: dict[str, Any]) -> str:
    params = {"name": "", "quantity": "", "before": "", **(event.get("params") or {})}
    summary = _summary(params)
    sentence = SENTENCES.get(event["what"])
    if not summary:
        sentence = OF_THE_WHOLE.get(event["what"], sentence)
    return gettext(sentence).format(summary=summary, **params) if sentence else str(event["what"])


def _summary(params: dict[str, Any]) -> str:
    return ", ".join(_part(one) for one in params.get("lines") or params.get("short") or [])


def _part(one: str | dict[str, Any]) -> str:
    """A name alone, or with how many of it, and what was wrong with how many more."""
    if isinstance(one, str):
        return one
    flaws = {"broken": N_("i stykker"), "missing": N_("mangler")}
    told = [f"{one[key]} {gettext(words)}" for key, words in flaws.items() if one.get(key)]
    count = one.get("short_by") or one.get("quantity", 0)
    return f"{count} {one['name']}" + (f" ({', '.join(told)})" if told else "")


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(happened=happened)
