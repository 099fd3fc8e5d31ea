"""A log-in over TLS: our broker is believed, and another one gets no password."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.local.kafka import Kafka
from deploy.local.settings import free_ports
from deploy.local.testing import running_kafka
from shared.messaging import kafka_clients
from shared.messaging.kafka_clients import LogIn
from shared.settings import KafkaSecurity

pytestmark = pytest.mark.broker


@dataclass(frozen=True)
class TlsKafka(Kafka):
    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def administrator(self) -> LogIn:
        return replace(super().administrator, security=KafkaSecurity.SCRAM_TLS, ca_file=self.certificate)

    def _guard(self) -> dict[str, object]:
        return {
            **super()._guard(),
            "listener.security.protocol.map": "CLIENTS:SASL_SSL,CONTROLLER:SASL_PLAINTEXT",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self.folder / "key-and-certificate.pem",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.certificate,
        }


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsKafka]:
    port, controller_port = free_ports(2)
    kafka = TlsKafka(tmp_path_factory.mktemp("tls"), port, controller_port, "secret", is_guarded=True)
    key, certificate = a_certificate()
    kafka.certificate.write_bytes(certificate)
    (kafka.folder / "key-and-certificate.pem").write_bytes(key + certificate)
    with running_kafka(kafka):
        yield kafka


def test_who_logs_in_over_tls_is_let_in(broker: TlsKafka) -> None:
    assert kafka_clients.trouble_with(broker.bootstrap, broker.administrator) == ""


def test_a_broker_with_a_certificate_that_we_do_not_trust_is_refused(broker: TlsKafka, tmp_path: Path) -> None:
    (tmp_path / "another.pem").write_bytes(a_certificate()[1])
    trouble = kafka_clients.trouble_with(
        broker.bootstrap, replace(broker.administrator, ca_file=tmp_path / "another.pem")
    )
    assert "KOMMUNITY_KAFKA_CA_FILE" in trouble


def test_a_log_in_in_the_clear_is_refused(broker: TlsKafka) -> None:
    assert not kafka_clients.is_reachable(broker.bootstrap, replace(broker.administrator, security=KafkaSecurity.SCRAM))


def a_certificate() -> tuple[bytes, bytes]:
    """A key and the certificate for this machine that it signs itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kafka")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, certificate.public_bytes(Encoding.PEM)
