"""Everything that `make up` and the tests start on one machine, without root and without Docker."""
