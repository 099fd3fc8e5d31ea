"""The rules of stock and of the depot's desk: plain Python, no input or output."""
