"""The house's rules, checked over whatever services there are."""
