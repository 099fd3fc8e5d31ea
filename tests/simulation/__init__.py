"""The whole town in one thread, with luck decided by a seed: what went wrong once goes wrong again."""
