"""Turns events into mails, each told once, in the reader's language."""
