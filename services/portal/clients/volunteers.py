"""volunteers: which shifts there are, who takes them, and the hours that came of it."""

from __future__ import annotations

from typing import Any

from services.portal.clients.transport import Transport

Json = dict[str, Any]


class Volunteers:
    """People volunteer for themselves; only what says `for_group` is done for the association chosen on the pages."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(self, method: str, path: str, for_group: bool = False, **content: Any) -> Any:
        return self._transport.call("volunteers", method, path, for_myself=not for_group, **content)

    # Browsing
    def shifts(self, **query: Any) -> Json:
        found: Json = self._call("GET", "/shifts", params=query)
        return found

    def shift(self, shift_id: str) -> Json:
        found: Json = self._call("GET", "/shifts/{shift_id}", ids={"shift_id": shift_id})
        return found

    def places(self) -> Json:
        found: Json = self._call("GET", "/places")
        return found

    # Signing up
    def sign_up(self, shift_id: str, body: Json, key: str, for_group: bool = False) -> Json:
        path = "/shifts/{shift_id}/sign-ups"
        ids = {"shift_id": shift_id}
        made: Json = self._call("POST", path, for_group=for_group, ids=ids, json=body, key=key)
        return made

    def sign_ups(self, view: str, for_group: bool = False) -> list[Json]:
        """Mine, coming or past; or my association's."""
        found: list[Json] = self._call("GET", "/sign-ups", for_group=for_group, params={"view": view})["items"]
        return found

    def my_sign_up(self, sign_up_id: str) -> Json:
        found: Json = self._call("GET", "/sign-ups/{sign_up_id}", ids={"sign_up_id": sign_up_id})
        return found

    def accept(self, sign_up_id: str, version: int) -> Json:
        path = "/sign-ups/{sign_up_id}/accept"
        found: Json = self._call("POST", path, ids={"sign_up_id": sign_up_id}, version=version)
        return found

    def decline(self, sign_up_id: str, version: int) -> Json:
        path = "/sign-ups/{sign_up_id}/decline"
        found: Json = self._call("POST", path, ids={"sign_up_id": sign_up_id}, version=version)
        return found

    def cancel(self, sign_up_id: str, reason: str, version: int) -> Json:
        path = "/sign-ups/{sign_up_id}/cancel"
        body = {"reason": reason}
        found: Json = self._call("POST", path, ids={"sign_up_id": sign_up_id}, json=body, version=version)
        return found

    # Links in mails: they work without a log-in
    def look_at_link(self, token: str) -> Json:
        found: Json = self._call("POST", "/links/look", json={"token": token}, anonymous=True)
        return found

    def use_link(self, token: str, answer: str, reason: str = "") -> Json:
        body = {"token": token, "answer": answer, "reason": reason}
        found: Json = self._call("POST", "/links/use", json=body, anonymous=True)
        return found

    # Groups and swaps
    def name_seat(self, sign_up_id: str, seat_id: str, email: str | None) -> Json:
        """Say who comes on a group's place; without an e-mail the name is taken away."""
        path = "/sign-ups/{sign_up_id}/seats/{seat_id}/person"
        ids = {"sign_up_id": sign_up_id, "seat_id": seat_id}
        found: Json = self._call("POST", path, ids=ids, json={"email": email})
        return found

    def ask_to_swap(self, sign_up_id: str, body: Json, key: str) -> Json:
        path = "/sign-ups/{sign_up_id}/swaps"
        made: Json = self._call("POST", path, ids={"sign_up_id": sign_up_id}, json=body, key=key)
        return made

    def swaps(self) -> list[Json]:
        found: list[Json] = self._call("GET", "/swaps")["items"]
        return found

    def answer_swap(self, swap_id: str, agree: bool) -> Json:
        found: Json = self._call("POST", "/swaps/{swap_id}/answer", ids={"swap_id": swap_id}, json={"agree": agree})
        return found

    def withdraw_swap(self, swap_id: str) -> Json:
        found: Json = self._call("POST", "/swaps/{swap_id}/withdraw", ids={"swap_id": swap_id})
        return found

    def preferences(self) -> Json:
        found: Json = self._call("GET", "/preferences")
        return found

    def prefer(self, changes: Json, version: int) -> Json:
        found: Json = self._call("PATCH", "/preferences", json=changes, version=version)
        return found

    # On the day
    def check_in(self, shift_id: str, code: str) -> Json:
        path = "/shifts/{shift_id}/check-in"
        seat: Json = self._call("POST", path, ids={"shift_id": shift_id}, json={"code": code})
        return seat

    def crews(self, **query: Any) -> list[Json]:
        found: list[Json] = self._call("GET", "/crew", params=query)["shifts"]
        return found

    def crew(self, shift_id: str) -> Json:
        found: Json = self._call("GET", "/shifts/{shift_id}/crew", ids={"shift_id": shift_id})
        return found

    def attend(self, seat_id: str, body: Json) -> Json:
        seat: Json = self._call("POST", "/seats/{seat_id}/attendance", ids={"seat_id": seat_id}, json=body)
        return seat

    def walk_in(self, shift_id: str, body: Json, key: str) -> Json:
        path = "/shifts/{shift_id}/walk-ins"
        seat: Json = self._call("POST", path, ids={"shift_id": shift_id}, json=body, key=key)
        return seat

    def phone(self, shift_id: str, seat_id: str) -> Json:
        """The number of somebody on the crew. Each look is noted."""
        path = "/shifts/{shift_id}/phones"
        found: Json = self._call("POST", path, ids={"shift_id": shift_id}, json={"seat_id": seat_id})
        return found

    def release(self, shift_id: str, body: Json) -> Json:
        path = "/shifts/{shift_id}/release"
        found: Json = self._call("POST", path, ids={"shift_id": shift_id}, json=body)
        return found

    def phone_looks(self) -> list[Json]:
        """Who looked at my number, and when."""
        found: list[Json] = self._call("GET", "/me/phone-looks")["items"]
        return found

    # Hours
    def hours(self, **query: Any) -> Json:
        found: Json = self._call("GET", "/hours", params=query)
        return found

    def report_hours(self, seat_id: str, body: Json, version: int) -> Json:
        path = "/hours/{seat_id}/report"
        row: Json = self._call("POST", path, ids={"seat_id": seat_id}, json=body, version=version)
        return row

    def confirm_hours(self, seat_ids: list[str], versions: list[int]) -> Json:
        body = {"seat_ids": seat_ids, "versions": versions}
        done: Json = self._call("POST", "/hours/confirm", json=body)
        return done

    def question_hours(self, seat_id: str, text: str, version: int) -> Json:
        path = "/hours/{seat_id}/question"
        row: Json = self._call("POST", path, ids={"seat_id": seat_id}, json={"text": text}, version=version)
        return row

    def export_hours(self, month: str) -> list[Json]:
        rows: list[Json] = self._call("GET", "/hours/export", params={"month": month})["rows"]
        return rows

    def certificate(self, first: str, last: str) -> Json:
        found: Json = self._call("GET", "/hours/certificate", params={"from": first, "to": last})
        return found

    def statistics(self, first: str, last: str) -> Json:
        found: Json = self._call("GET", "/statistics", params={"from": first, "to": last})
        return found

    # Calendars
    def feeds(self) -> list[Json]:
        found: list[Json] = self._call("GET", "/feeds")["items"]
        return found

    def make_feed(self, body: Json) -> Json:
        """With the secret address, which is told this once."""
        made: Json = self._call("POST", "/feeds", json=body)
        return made

    def revoke_feed(self, feed_id: str) -> None:
        self._call("DELETE", "/feeds/{feed_id}", ids={"feed_id": feed_id})

    def feed(self, token: str, headers: dict[str, str]) -> Any:
        """The calendar file as it came: a requests.Response with its ETag, also for 304."""
        path = "/feeds/{token}.ics"
        return self._call("GET", path, ids={"token": token}, headers=headers, anonymous=True, whole=True)

    # Planning
    def plan(self, **query: Any) -> list[Json]:
        rows: list[Json] = self._call("GET", "/plan", params=query)["rows"]
        return rows

    def check_plan(self, body: Json) -> Json:
        report: Json = self._call("POST", "/plan/check", json=body)
        return report

    def save_plan(self, body: Json, key: str) -> Json:
        report: Json = self._call("POST", "/plan", json=body, key=key)
        return report

    def plan_series(self, body: Json) -> Json:
        found: Json = self._call("POST", "/plan/series", json=body)
        return found

    def plan_copy(self, body: Json) -> Json:
        """The new `rows`, what is `there` already, and what is `alike` at another time."""
        return self._call("POST", "/plan/copy", json=body)

    def plan_move(self, body: Json) -> list[Json]:
        rows: list[Json] = self._call("POST", "/plan/move", json=body)["rows"]
        return rows

    def plan_series_rows(self, body: Json) -> list[Json]:
        rows: list[Json] = self._call("POST", "/plan/series-rows", json=body)["rows"]
        return rows

    def publish(self, ids: list[str]) -> Json:
        done: Json = self._call("POST", "/shifts/publish", json={"ids": ids})
        return done

    def cancel_shifts(self, ids: list[str], reason: str, scope: str = "one") -> Json:
        """The ids of all that were called off, and how many people are told."""
        done: Json = self._call("POST", "/shifts/cancel", json={"ids": ids, "reason": reason, "scope": scope})
        return done

    def close(self, shift_id: str, version: int) -> Json:
        done: Json = self._call("POST", "/shifts/{shift_id}/close", ids={"shift_id": shift_id}, version=version)
        return done

    def reopen(self, shift_id: str, version: int) -> Json:
        done: Json = self._call("POST", "/shifts/{shift_id}/reopen", ids={"shift_id": shift_id}, version=version)
        return done

    def delete_draft(self, shift_id: str, version: int) -> None:
        self._call("DELETE", "/shifts/{shift_id}", ids={"shift_id": shift_id}, version=version)

    def templates(self) -> list[Json]:
        found: list[Json] = self._call("GET", "/templates")["items"]
        return found

    def keep_template(self, body: Json) -> Json:
        made: Json = self._call("POST", "/templates", json=body)
        return made

    def drop_template(self, template_id: str) -> None:
        self._call("DELETE", "/templates/{template_id}", ids={"template_id": template_id})

    def understaffed(self) -> list[Json]:
        found: list[Json] = self._call("GET", "/understaffed")["items"]
        return found

    def unnoted(self) -> list[Json]:
        """Shifts that are over, where it is not noted who came."""
        found: list[Json] = self._call("GET", "/unnoted")["items"]
        return found

    def add_place(self, body: Json) -> Json:
        made: Json = self._call("POST", "/places", json=body)
        return made

    def import_shifts(self, content: bytes, dry_run: bool) -> Json:
        return self._import("/imports/shifts", content, dry_run)

    def import_places(self, content: bytes, dry_run: bool) -> Json:
        return self._import("/imports/places", content, dry_run)

    def import_school_holidays(self, content: bytes, dry_run: bool) -> Json:
        return self._import("/imports/school-holidays", content, dry_run)

    def _import(self, path: str, content: bytes, dry_run: bool) -> Json:
        headers = {"Content-Type": "text/csv"}
        query = {"dry_run": str(dry_run).lower()}
        report: Json = self._call("POST", path, params=query, data=content, headers=headers)
        return report
