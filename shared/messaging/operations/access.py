"""Who may do what on the broker: a service writes its own topics, reads what it subscribes to, and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import ClusterAuthorizationFailedError, NoError, SecurityDisabledError

from shared.messaging import dead_letters, kafka_clients
from shared.messaging.operations import topics

EVERYTHING = ACLFilter(
    None,
    None,
    ACLOperation.ANY,
    ACLPermissionType.ANY,
    ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)


class NotSecured(RuntimeError):
    """The broker keeps no rules or users, or not for us."""


@dataclass(frozen=True)
class Changes:
    """What has to happen on the broker so that it is as described."""

    users: list[str]
    allow: list[ACL]
    forbid: list[ACL]

    def lines(self) -> list[str]:
        return [
            *(f"password {user}" for user in self.users),
            *(f"allow {_line(rule)}" for rule in self.allow),
            *(f"forbid {_line(rule)}" for rule in self.forbid),
        ]


def user_of(service: str) -> str:
    """Its name on the broker, the same as its role in the database."""
    return f"kommunity_{service}"


def readers(file: Path = topics.FILE) -> dict[str, list[str]]:
    """For each service the topics of others that it may read."""
    reads: dict[str, list[str]] = tomllib.loads(file.read_text())["reads"]
    return reads


def rules() -> list[ACL]:
    """All that services may do. What is allowed to nobody is forbidden; reading and writing include looking."""
    return [rule for service, reads in readers().items() for rule in _rules_of(service, reads)]


def _rules_of(service: str, reads: Iterable[str]) -> list[ACL]:
    own = [topic.name for topic in topics.described() if topic.name.startswith(f"{service}.")]
    return [
        *(_allow(service, ACLOperation.WRITE, ResourceType.TOPIC, name) for name in own),
        *(_allow(service, ACLOperation.READ, ResourceType.TOPIC, name) for name in reads),
        _allow(service, ACLOperation.READ, ResourceType.TOPIC, dead_letters.topic_of(service)),
        _allow(service, ACLOperation.READ, ResourceType.GROUP, service),
    ]


def _allow(service: str, operation: ACLOperation, kind: ResourceType, name: str) -> ACL:
    return ACL(_principal(service), "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))


def _principal(service: str) -> str:
    return f"User:{user_of(service)}"


def passwords_from(environment: Mapping[str, str]) -> dict[str, str]:
    """KOMMUNITY_KAFKA_PASSWORD_BOOKINGS and so on, for those services whose user shall be made or changed."""
    named = {service: environment.get(f"KOMMUNITY_KAFKA_PASSWORD_{service.upper()}", "") for service in readers()}
    return {service: password for service, password in named.items() if password}


def secure(
    bootstrap: str, passwords: Mapping[str, str], dry_run: bool = False, who: kafka_clients.LogIn | None = None
) -> Changes:
    """Make the broker's rules for our services as described, and set the given passwords. Returns what that took.

    Only an administrator of the broker may do it. Rules for anybody else are left alone.
    """
    admin = kafka_clients.admin(bootstrap, who)
    try:
        changes = _changes(_existing(admin), list(passwords))
        if not dry_run:
            _set_passwords(admin, passwords)
            _change_rules(admin, changes)
        return changes
    except SecurityDisabledError as error:
        raise NotSecured(f"{bootstrap} keeps no rules: it takes authorizer.class.name in its settings") from error
    except ClusterAuthorizationFailedError as error:
        raise NotSecured(f"{bootstrap} takes rules from its administrators only: log in as one of them") from error
    finally:
        kafka_clients.close_quietly(admin)


def _existing(admin: Any) -> set[ACL]:
    ours = {_principal(service) for service in readers()}
    found, _ = admin.describe_acls(EVERYTHING)
    return {rule for rule in found if rule.principal in ours}


def _changes(existing: set[ACL], services: Iterable[str]) -> Changes:
    wanted = rules()
    return Changes(
        users=[user_of(service) for service in services],
        allow=[rule for rule in wanted if rule not in existing],
        forbid=sorted(existing - set(wanted), key=_line),
    )


def _set_passwords(admin: Any, passwords: Mapping[str, str]) -> None:
    users = [
        UserScramCredentialUpsertion(user_of(service), ScramMechanism.SCRAM_SHA_512, password)
        for service, password in passwords.items()
    ]
    if not users:
        return
    troubles = [f"{user}: {trouble}" for user, trouble in admin.alter_user_scram_credentials(users).items() if trouble]
    if troubles:
        raise NotSecured("; ".join(troubles))


def _change_rules(admin: Any, changes: Changes) -> None:
    failed = admin.create_acls(changes.allow)["failed"] if changes.allow else []
    for _, _, trouble in admin.delete_acls(changes.forbid) if changes.forbid else []:
        failed += [trouble] if trouble is not NoError else []
    if failed:
        raise NotSecured(f"the broker refused rules: {', '.join(sorted({error.__name__ for error in failed}))}")


def _line(rule: ACL) -> str:
    resource = rule.resource_pattern
    user = rule.principal.removeprefix("User:")
    return f"{user} {rule.operation.name} {resource.resource_type.name} {resource.resource_name}"
