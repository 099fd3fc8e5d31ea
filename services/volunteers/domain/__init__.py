"""The rules of volunteering, in plain Python. `now` is always an argument; instants are UTC, half-open."""
