"""What tests of several services share: real databases, signed tokens, a whole running town."""
