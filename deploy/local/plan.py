"""Steps that wait for one another, and otherwise run at the same time; each is shown with its number and time."""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

Action = Callable[[], object]


@dataclass(frozen=True)
class Step:
    name: str
    action: Action
    needs: tuple[str, ...]


class Plan:
    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._steps: dict[str, Step] = {}

    def add(self, name: str, action: Action, *needs: str) -> str:
        """`action` runs after all `needs`; if it returns False, there was nothing to do."""
        missing = set(needs) - self._steps.keys()
        if missing:
            raise ValueError(f"{name} needs {missing}, which are not in the plan")
        self._steps[name] = Step(name, action, needs)
        return name

    def run(self) -> None:
        """Runs everything. The first step that fails lets those under way finish, and is raised."""
        waiting = dict(self._steps)
        running: dict[Future[tuple[object, float]], Step] = {}
        done: set[str] = set()
        pool = ThreadPoolExecutor(len(waiting))
        try:
            while waiting or running:
                for step in [step for step in waiting.values() if done.issuperset(step.needs)]:
                    running[pool.submit(_timed, step.action)] = waiting.pop(step.name)
                for finished in wait(running, return_when=FIRST_COMPLETED).done:
                    step = running.pop(finished)
                    done.add(step.name)
                    self._tell(step, len(done), *finished.result())
        except Exception:
            pool.shutdown(wait=True)
            raise
        finally:
            pool.shutdown(wait=False)  # whoever pressed Ctrl-C need not wait for a download

    def _tell(self, step: Step, number: int, result: object, seconds: float) -> None:
        remark = "  (there already)" if result is False else ""
        self._show(f"{number:>3}/{len(self._steps)}  {step.name:<44} {seconds:5.1f} s{remark}")


def _timed(action: Action) -> tuple[object, float]:
    begun = time.monotonic()
    return action(), time.monotonic() - begun
