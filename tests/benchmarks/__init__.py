"""Speed, measured against the real system: `make bench` prints it and writes build/bench.json."""
