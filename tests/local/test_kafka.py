"""One broker on one machine."""

from pathlib import Path

import pytest

from deploy.local import parts
from deploy.local.kafka import Kafka


@pytest.mark.broker
def test_a_cluster_may_have_an_id_that_begins_with_a_dash(tmp_path: Path) -> None:
    """As one in 64 random ones does."""
    parts.fetch_kafka(print)
    broker = Kafka(tmp_path, 9092, 9093, cluster="-3VtbXVuaXR5LWZhdWx0cw")
    assert broker.initialise() is True
    assert broker.initialise() is False
