"""The ways out to people. So far there is one: e-mail."""
