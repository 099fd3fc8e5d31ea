"""What the worker counts, for Prometheus."""

from prometheus_client import Counter, Histogram

PUBLISHED = Counter("kommunity_events_published", "Events published from the outbox", ["type"])
APPLIED = Counter("kommunity_events_applied", "Events whose effect was committed", ["type"])
REPEATED = Counter("kommunity_events_repeated", "Events met again and skipped", ["type"])
PARKED = Counter("kommunity_events_parked", "Records sent to dead letters", ["topic"])
LATENCY = Histogram(
    "kommunity_event_latency_seconds",
    "From recorded in one service to committed in another",
    ["type"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
)
