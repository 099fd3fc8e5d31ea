"""Typed settings, from the environment (KOMMUNITY_…). A production system refuses to start with a demo secret."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PORTS = {
    "portal": 8100,
    "accounts": 8101,
    "inventory": 8102,
    "bookings": 8103,
    "volunteers": 8104,
    "notifications": 8105,
}


class Environment(StrEnum):
    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class KafkaSecurity(StrEnum):
    PLAIN = "plain"
    SCRAM = "scram"  # a log-in, in the clear: for a network of our own
    SCRAM_TLS = "scram-tls"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KOMMUNITY_", extra="ignore", hide_input_in_errors=True)

    environment: Environment = Environment.DEMO
    database_url: str = ""
    database_pool: int = 10
    kafka_bootstrap: str = "127.0.0.1:29092"
    kafka_security: KafkaSecurity = KafkaSecurity.PLAIN
    kafka_user: str = ""
    kafka_password: str = ""
    kafka_ca_file: Path | None = None  # whom to believe that it is our broker; the system's authorities if not named
    # What no other worker of the service is called, and this one again after each restart: then it is given its place
    # back at once, not when its predecessor has been missed. `{host}` stands for the machine's or container's name.
    worker_name: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    worker_port: int = 0
    web_threads: int = 8
    web_processes: int = 1
    accounts_url: str = f"http://127.0.0.1:{PORTS['accounts']}"
    inventory_url: str = f"http://127.0.0.1:{PORTS['inventory']}"
    bookings_url: str = f"http://127.0.0.1:{PORTS['bookings']}"
    volunteers_url: str = f"http://127.0.0.1:{PORTS['volunteers']}"
    notifications_url: str = f"http://127.0.0.1:{PORTS['notifications']}"
    portal_url: str = f"http://127.0.0.1:{PORTS['portal']}"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    mail_from: str = "Kommunity <noreply@kommunity.example>"
    inbox_url: str = ""
    session_secret: str = "demo-session-secret"  # noqa: S105 (refused in production, see below)
    service_secret: str = "demo-service-secret"  # noqa: S105
    link_secret: str = "demo-link-secret"  # noqa: S105 (signs the links in volunteers' mails)
    signing_key_file: Path | None = None
    clock_file: Path | None = None
    failpoints: Path | None = None  # a folder; see shared/messaging/failpoints.py
    relay: bool = True  # off where Debezium reads the outbox; see deploy/debezium
    outbox_days: int = 400  # how long sent events stay in the outbox, for a deleted topic to be restored from
    log_format: str = "json"

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @model_validator(mode="after")
    def _no_demo_secret_in_production(self) -> Self:
        if not self.is_production:
            return self
        wrong = [
            f"KOMMUNITY_{name.upper()}"
            for name in ("session_secret", "service_secret", "link_secret")
            if getattr(self, name).startswith("demo-") or len(getattr(self, name)) < 32
        ]
        if self.clock_file:
            wrong.append("KOMMUNITY_CLOCK_FILE")
        if self.failpoints:
            wrong.append("KOMMUNITY_FAILPOINTS")
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: a demo value is not allowed in production. Set secrets of at least 32 "
                "random characters (python -c 'import secrets; print(secrets.token_urlsafe(48))'), no clock file "
                "and no failpoints."
            )
        return self

    def web_port(self, service: str) -> int:
        return self.port or PORTS[service]

    def health_port(self, service: str) -> int:
        return self.worker_port or PORTS[service] + 100


@cache
def settings() -> Settings:
    """This process's settings, read once."""
    return Settings()
