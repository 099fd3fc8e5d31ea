"""What the services promise each other in events, kept as golden files."""
