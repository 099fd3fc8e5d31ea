"""What all services share and needs neither database nor Kafka."""
