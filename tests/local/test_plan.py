"""The steps of a start."""

import pytest

from deploy.local.errors import LocalError
from deploy.local.plan import Plan


def test_a_step_runs_after_those_that_it_needs():
    order: list[str] = []
    plan = Plan(lambda text: None)
    plan.add("bake", lambda: order.append("bake"))
    plan.add("cool", lambda: order.append("cool"), "bake")
    plan.add("eat", lambda: order.append("eat"), "bake", "cool")
    plan.run()
    assert order == ["bake", "cool", "eat"]


def test_a_failing_step_stops_the_start():
    def burn() -> None:
        raise LocalError("The oven is too hot.")

    order: list[str] = []
    plan = Plan(lambda text: None)
    plan.add("bake", burn)
    plan.add("eat", lambda: order.append("eat"), "bake")
    with pytest.raises(LocalError, match="too hot"):
        plan.run()
    assert order == []


def test_a_step_with_nothing_to_do_says_so():
    shown: list[str] = []
    plan = Plan(shown.append)
    plan.add("bake", lambda: False)
    plan.run()
    assert "there already" in shown[0]
