"""How free a thing is, in one word."""

FREE, FEW, NONE, CLOSED = "free", "few", "none", "closed"
FEW_SHARE = 4  # a quarter or less


def free_state(free: int, total: int) -> str:
    if free <= 0:
        return NONE
    return FEW if free < total and (free == 1 or free * FEW_SHARE <= total) else FREE
