"""What an operator sees when the ground is not good, and what the parts are told."""

import json
import socket

import psycopg
import pytest

from deploy.local import databases
from deploy.local.errors import LocalError
from deploy.local.layout import Existing
from deploy.local.postgres import libpq
from deploy.local.secrets import load_or_make
from deploy.local.settings import Ports, refuse_busy_port
from deploy.local.system import System


def test_a_busy_port_is_told_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError) as refusal:
            refuse_busy_port("bookings", port)
    assert str(refusal.value).startswith(f"Port {port}, which bookings needs, is taken")
    assert "KOMMUNITY_PORT_BOOKINGS=" in str(refusal.value)


def test_servers_that_are_there_already_are_not_started(tmp_path):
    existing = Existing("postgresql+psycopg://admin:pw@db.example:5432/postgres", "kafka.example:9092", "mail.example")
    system = System(tmp_path, Ports.free(), existing)
    assert system.programs().keys().isdisjoint({"postgres", "kafka", "mail"})
    told = system.env("bookings")
    assert told["KOMMUNITY_DATABASE_URL"].endswith("@db.example:5432/kommunity_bookings")
    assert told["KOMMUNITY_KAFKA_BOOTSTRAP"] == "kafka.example:9092"
    assert told["KOMMUNITY_SMTP_HOST"] == "mail.example"


def test_a_service_is_not_told_another_services_database(tmp_path):
    system = System(tmp_path, Ports.free())
    secrets = system.secrets
    told = " ".join(system.programs()["bookings-web"].environment.values())
    assert secrets["bookings"] in told
    assert secrets["inventory"] not in told
    assert secrets["postgres"] not in told


def test_a_service_is_told_its_own_log_in_at_a_guarded_kafka(tmp_path, monkeypatch):
    monkeypatch.setenv("KOMMUNITY_KAFKA_SECURITY", "scram")
    system = System(tmp_path, Ports.free())
    told = system.env("bookings")
    assert told["KOMMUNITY_KAFKA_USER"] == "kommunity_bookings"
    assert told["KOMMUNITY_KAFKA_PASSWORD"] == system.secrets["kafka-bookings"]
    for name in ("kafka", "kafka-inventory"):
        assert system.secrets[name] not in " ".join(told.values())


def test_tls_is_not_promised_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("KOMMUNITY_KAFKA_SECURITY", "scram-tls")
    with pytest.raises(LocalError, match="speaks no TLS"):
        System(tmp_path, Ports.free()).up()


def test_no_role_reads_another_services_database(postgres):
    for service in ("accounts", "causes"):
        assert databases.create(postgres, f"{service}_apart", "pw") is True
    assert databases.create(postgres, "accounts_apart", "pw") is False
    mine = databases.address(postgres, "accounts_apart", "pw")
    psycopg.connect(libpq(mine)).close()
    others = mine.removesuffix("accounts_apart") + "causes_apart"
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(libpq(others))


def test_a_system_from_before_a_service_was_there_gets_its_secrets(tmp_path):
    file = tmp_path / "secrets.json"
    made = load_or_make(file)
    file.write_text(json.dumps({name: secret for name, secret in made.items() if name != "link"}))
    assert load_or_make(file) == load_or_make(file)
    assert load_or_make(file).keys() == made.keys()
    assert load_or_make(file)["session"] == made["session"]
