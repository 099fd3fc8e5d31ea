"""What tests of several services share: real databases, signed tokens, and an HTTP client that speaks the house's way."""
