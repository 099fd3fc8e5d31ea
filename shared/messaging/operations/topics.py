"""The topics, as deploy/topics.toml describes them."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import TopicAlreadyExistsError

from shared.messaging import kafka_clients

FILE = Path(__file__).parents[3] / "deploy" / "topics.toml"


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int
    replication_factor: int
    config: dict[str, str]


def described(file: Path = FILE) -> list[Topic]:
    """The topics that must exist. KOMMUNITY_KAFKA_REPLICATION overrides the file's replication factor."""
    content = tomllib.loads(file.read_text())
    defaults = content["defaults"]
    replication = int(os.environ.get("KOMMUNITY_KAFKA_REPLICATION", defaults["replication_factor"]))
    return [
        Topic(
            name,
            topic["partitions"],
            replication,
            {key: str(value) for key, value in topic["config"].items()},
        )
        for name, topic in content["topics"].items()
    ]


def create_missing(bootstrap: str, who: kafka_clients.LogIn | None = None) -> list[str]:
    """Create the described topics that do not exist. Returns their names. Partition counts never change."""
    admin = kafka_clients.admin(bootstrap, who)
    try:
        existing = set(admin.list_topics())
        missing = [topic for topic in described() if topic.name not in existing]
        if missing:
            admin.create_topics(
                {
                    topic.name: {
                        "num_partitions": topic.partitions,
                        "replication_factor": topic.replication_factor,
                        "configs": topic.config,
                    }
                    for topic in missing
                }
            )
            admin.wait_for_topics([topic.name for topic in missing])
        return [topic.name for topic in missing]
    except TopicAlreadyExistsError:
        return []
    finally:
        kafka_clients.close_quietly(admin)


def differing(bootstrap: str) -> list[str]:
    """What the broker does otherwise than described, one sentence each: a shorter retention is no replay one day."""
    admin = kafka_clients.admin(bootstrap)
    try:
        names = [topic.name for topic in described()]
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        configs = admin.describe_configs(resources, config_filter="all")["topic"]
        partitions = {one["name"]: len(one["partitions"]) for one in admin.describe_topics(names)}
    finally:
        kafka_clients.close_quietly(admin)
    found = []
    for topic in described():
        is_so = {name: str(configs[topic.name][name]["value"]) for name in topic.config}
        described_so = {**topic.config, "partitions": topic.partitions}
        for name, there in {**is_so, "partitions": partitions[topic.name]}.items():
            if there != described_so[name]:
                found.append(f"{topic.name}: {name} is {there}, and described as {described_so[name]}")
    return found
