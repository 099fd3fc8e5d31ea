"""docker-compose.yml describes the same system, and holds no secret."""

import re

import yaml

from deploy.local.settings import ROOT, SERVICES

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SECRET = re.compile(r"PASSWORD|SECRET|_KEY\b")


def test_every_service_has_its_processes_and_its_migration_with_health_checks():
    for service in SERVICES:
        assert COMPOSE[f"{service}-migrate"]["command"] == ["run", service, "migrate"]
        for process in ("web", "worker"):
            part = COMPOSE[f"{service}-{process}"]
            assert part["command"] == ["run", service, process]
            assert part["healthcheck"]
            assert part["build"]["args"] == {"SERVICE": service}


def test_no_secret_stands_in_the_file():
    settings = [pair for part in COMPOSE.values() for pair in part.get("environment", {}).items()]
    secrets = [(name, str(value)) for name, value in settings if SECRET.search(name)]
    assert secrets
    assert [name for name, value in secrets if not value.startswith("${")] == []
    urls = [value for _, value in settings if "postgresql" in str(value)]
    assert all(re.search(r":\$\{\w+:\?\}@", url) for url in urls)


def test_each_image_holds_one_service_alone():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert "services/${SERVICE}" in copied
    assert "services" not in copied
