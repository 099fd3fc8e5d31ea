"""What people do in the simulated town: each step looks what there is, and asks for something by HTTP.

A step returns False where there was nothing to do, and another is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.simulation.people import borrowing, desk, memberships, shifts, stock
from tests.simulation.town import Town

Step = Callable[[Town], bool]

STEPS: Mapping[Step, float] = {**borrowing.STEPS, **desk.STEPS, **stock.STEPS, **shifts.STEPS, **memberships.STEPS}
