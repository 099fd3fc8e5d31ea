"""All reads of inventory."""
