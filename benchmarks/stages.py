"""Where a study's time goes: CPU seconds and Steps by stage and by model, printed as one JSON line.

python benchmarks/stages.py demo/study.toml

Steps run one after another on one thread, so that each second belongs to one of them. What is stored already is not
run: for the whole cost, take a study without a store.
"""

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from citybraid.core.step import Step
from citybraid.study.open.events import Event, StageFinished, StageStarted
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import generate
from citybraid.study.run.backends.workplace import Workplace
from citybraid.study.run.pipeline import run_study

MOST = 40
"""Models that are printed."""


class Ledger:
    """CPU seconds and Steps by stage and by model; a stage within another counts in both."""

    def __init__(self) -> None:
        self.stages: dict[str, dict[str, float]] = defaultdict(
            lambda: {"cpu_s": 0.0, "steps": 0, "in_steps_cpu_s": 0.0}
        )
        self.models: dict[str, dict[str, float]] = defaultdict(lambda: {"cpu_s": 0.0, "steps": 0, "first_cpu_s": 0.0})
        self._open: dict[str, float] = {}

    def emit(self, event: Event) -> None:
        """Open or close a stage."""
        if isinstance(event, StageStarted):
            self._open[event.stage] = time.process_time()
        elif isinstance(event, StageFinished) and event.stage in self._open:
            self.stages[event.stage]["cpu_s"] += time.process_time() - self._open.pop(event.stage)

    def add(self, step: Step, seconds: float) -> None:
        """Count a Step; the first of a model may compile its kernels."""
        model = self.models[step.model.id]
        model["first_cpu_s"] = model["first_cpu_s"] if model["steps"] else seconds
        model["cpu_s"], model["steps"] = model["cpu_s"] + seconds, model["steps"] + 1
        for stage in self._open:
            self.stages[stage]["steps"] += 1
            self.stages[stage]["steps_cpu_s"] += seconds


def counted(ledger: Ledger) -> Callable[[Workplace, Step, int, Callable[[float], None]], float]:
    """Return a Workplace's `execute` that counts each Step."""
    execute = Workplace.execute

    def count(workplace: Workplace, step: Step, threads: int, tick: Callable[[float], None]) -> float:
        started = time.thread_time()
        seconds = execute(workplace, step, threads, tick)
        ledger.add(step, time.thread_time() - started)
        return seconds

    return count


def main() -> None:
    """Run a study and print the line."""
    study, ledger = open_study(Path(sys.argv[1])), Ledger()
    generate(study)
    Workplace.execute = counted(ledger)  # type: ignore[assignment,method-assign]  # in this process only
    run_study(study, threads=1, emit=ledger.emit)
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    dearest = sorted(ledger.models.items(), key=lambda item: -item[1]["cpu_s"])[:MOST]
    told = {
        "cpu_s": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime, "peak_mib": own.ru_maxrss / 1024,
        "stages": ledger.stages, "models": dict(dearest),
    }  # fmt: skip
    print(json.dumps(json.loads(json.dumps(told), parse_float=lambda text: round(float(text), 2))))


if __name__ == "__main__":
    main()
