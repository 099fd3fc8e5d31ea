"""What looks after the path of an event: topics, rules of access, lag, dead letters, republishing, rebuilding."""
