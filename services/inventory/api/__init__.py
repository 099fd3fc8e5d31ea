"""Inventory's routes, one blueprint per area."""
