"""accounts: who people are, and for whom they may act."""

from __future__ import annotations

from typing import Any

from services.portal.clients.transport import Transport


class Accounts:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(self, method: str, path: str, **content: Any) -> Any:
        return self._transport.call("accounts", method, path, **content)

    def sign_in(self, email: str, password: str) -> dict[str, Any]:
        body = {"email": email, "password": password}
        tokens: dict[str, Any] = self._call("POST", "/session", json=body, anonymous=True)
        return tokens

    def sign_out(self, refresh_token: str) -> None:
        self._call("DELETE", "/session", json={"refresh_token": refresh_token}, anonymous=True)

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """New tokens, that say what accounts knows now."""
        body = {"refresh_token": refresh_token}
        tokens: dict[str, Any] = self._call("POST", "/session/refresh", json=body, anonymous=True)
        return tokens

    def demo_logins(self) -> dict[str, Any]:
        logins: dict[str, Any] = self._call("GET", "/demo-logins", anonymous=True)
        return logins

    def me(self) -> dict[str, Any]:
        person: dict[str, Any] = self._call("GET", "/me", for_myself=True)
        return person

    def change_me(self, changes: dict[str, Any], version: int) -> dict[str, Any]:
        person: dict[str, Any] = self._call("PATCH", "/me", json=changes, version=version)
        return person

    def qualifications(self) -> dict[str, Any]:
        """What I have declared, and what can be declared."""
        found: dict[str, Any] = self._call("GET", "/me/qualifications")
        return found

    def declare_qualification(self, body: dict[str, Any]) -> dict[str, Any]:
        declared: dict[str, Any] = self._call("POST", "/me/qualifications", json=body)
        return declared

    def drop_qualification(self, qualification: str) -> None:
        path = "/me/qualifications/{qualification}"
        self._call("DELETE", path, ids={"qualification": qualification})

    def association(self, association_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._call(
            "GET", "/associations/{association_id}", ids={"association_id": association_id}
        )
        return found

    def members(self, association_id: str) -> list[dict[str, Any]]:
        """One entry for each role of each person."""
        path = "/associations/{association_id}/memberships"
        found: dict[str, Any] = self._call("GET", path, ids={"association_id": association_id})
        return list(found["memberships"])

    def change_membership(self, association_id: str, membership_id: str, role: str) -> dict[str, Any]:
        path = "/associations/{association_id}/memberships/{membership_id}"
        ids = {"association_id": association_id, "membership_id": membership_id}
        changed: dict[str, Any] = self._call("PATCH", path, ids=ids, json={"role": role})
        return changed

    def end_membership(self, association_id: str, membership_id: str) -> None:
        path = "/associations/{association_id}/memberships/{membership_id}"
        self._call("DELETE", path, ids={"association_id": association_id, "membership_id": membership_id})

    def invitations(self, association_id: str) -> list[dict[str, Any]]:
        """Those that nobody has answered."""
        path = "/associations/{association_id}/invitations"
        found: dict[str, Any] = self._call("GET", path, ids={"association_id": association_id})
        return list(found["invitations"])

    def invite(self, association_id: str, body: dict[str, str], key: str) -> dict[str, Any]:
        path = "/associations/{association_id}/invitations"
        made: dict[str, Any] = self._call("POST", path, ids={"association_id": association_id}, json=body, key=key)
        return made

    def withdraw_invitation(self, association_id: str, invitation_id: str) -> None:
        path = "/associations/{association_id}/invitations/{invitation_id}"
        self._call("DELETE", path, ids={"association_id": association_id, "invitation_id": invitation_id})

    def my_invitations(self) -> list[dict[str, Any]]:
        found: dict[str, Any] = self._call("GET", "/me/invitations")
        return list(found["invitations"])

    def accept_invitation(self, invitation_id: str) -> None:
        self._call("POST", "/me/invitations/{invitation_id}/accept", ids={"invitation_id": invitation_id})

    def decline_invitation(self, invitation_id: str) -> None:
        self._call("DELETE", "/me/invitations/{invitation_id}", ids={"invitation_id": invitation_id})

    def names(self, person_ids: set[str]) -> dict[str, str]:
        """The names of those that the caller may know, by id."""
        if not person_ids:
            return {}
        names: dict[str, str] = self._call("GET", "/people/names", params={"ids": ",".join(sorted(person_ids))})[
            "names"
        ]
        return names

    def import_associations(self, content: bytes, dry_run: bool) -> dict[str, Any]:
        report: dict[str, Any] = self._call(
            "POST",
            "/imports/associations",
            params={"dry_run": str(dry_run).lower()},
            data=content,
            headers={"Content-Type": "text/csv"},
        )
        return report
