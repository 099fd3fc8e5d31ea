"""Plans: judged as a whole, and saved as a whole or not at all."""
