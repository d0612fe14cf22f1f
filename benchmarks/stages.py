"""Where a study's time goes: CPU seconds and Steps by stage and by model, printed as one JSON line.

python benchmarks/stages.py demo/study.toml [THREADS]

The study is run, its report written, and both are asked for once more with nothing to do. Steps run one after another
on one thread unless more are asked for; those of a flood that runs alone then count with its stage only. What is stored
already is not run: for the whole cost, take a study without a store. `citybraid warm` compiles the kernels before.
"""

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from citybraid.core.step import Step
from citybraid.report.report_record import inputs_digest, unchanged_files
from citybraid.report.write import write_report
from citybraid.store.store import Store
from citybraid.study.open.events import Event, StageFinished, StageStarted
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import generate
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.backends.workplace import Workplace
from citybraid.study.run.last_run import current_run
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

MOST = 40
"""Models that are printed."""


@dataclass
class Stage:
    """What a stage took: all its CPU seconds, and those within Steps."""

    cpu_s: float = 0.0
    steps: int = 0
    steps_cpu_s: float = 0.0


@dataclass
class ModelCost:
    """What the Steps of a model took, by grid; the first of a model loads its kernels."""

    cpu_s: float = 0.0
    steps: int = 0
    first_cpu_s: float = 0.0
    grids: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0.0]))
    """Count and CPU seconds by cells of the grid."""


class Ledger:
    """CPU seconds and Steps by stage and by model; a stage within another counts in both."""

    def __init__(self) -> None:
        self.stages: dict[str, Stage] = defaultdict(Stage)
        self.models: dict[str, ModelCost] = defaultdict(ModelCost)
        self._open: dict[str, float] = {}

    def emit(self, event: Event) -> None:
        """Open or close a stage."""
        if isinstance(event, StageStarted):
            self._open[event.stage] = time.process_time()
        elif isinstance(event, StageFinished) and event.stage in self._open:
            self.stages[event.stage].cpu_s += time.process_time() - self._open.pop(event.stage)

    def add(self, step: Step, seconds: float) -> None:
        """Count a Step."""
        model = self.models[step.model.id]
        model.first_cpu_s = model.first_cpu_s if model.steps else seconds
        model.cpu_s, model.steps = model.cpu_s + seconds, model.steps + 1
        cells = max((out.grid.shape[0] * out.grid.shape[1] for out in step.outs if out.grid is not None), default=0)
        of_grid = model.grids[str(cells)]
        of_grid[0], of_grid[1] = of_grid[0] + 1, of_grid[1] + seconds
        for stage in self._open:
            self.stages[stage].steps += 1
            self.stages[stage].steps_cpu_s += seconds


def counted(ledger: Ledger) -> Callable[[Workplace, Step, int, Callable[[float], None]], float]:
    """Return a Workplace's `execute` that counts each Step."""
    execute = Workplace.execute

    def count(workplace: Workplace, step: Step, threads: int, tick: Callable[[float], None]) -> float:
        started = time.thread_time()
        seconds = execute(workplace, step, threads, tick)
        ledger.add(step, time.thread_time() - started)
        return seconds

    return count


def compute(path: Path, ledger: Ledger, threads: int) -> Run:
    """Return the run of a study, computed unless nothing has changed since the last one."""
    study = open_study(path)
    generate(study)
    intake = take_in_study(study, Store(study.folder / ".citybraid" / "store"))
    return current_run(study, intake, baseline_only=False) or run_study(study, threads=threads, emit=ledger.emit)


def report(run: Run, ledger: Ledger) -> None:
    """Write the report unless it is up to date."""
    out = run.folder / "report"
    if unchanged_files(out, inputs_digest(run)) is not None:
        return
    ledger.emit(StageStarted("report"))
    write_report(run, out)
    ledger.emit(StageFinished("report", 0.0, 1))


def used() -> float:
    """Return the CPU seconds of this process and of those it has started and ended."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def main() -> None:
    """Run a study and print the line."""
    path, ledger, threads = Path(sys.argv[1]), Ledger(), int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004  (the second argument)
    imports = used()
    Workplace.execute = counted(ledger)  # type: ignore[assignment,method-assign]  # in this process only
    started = time.perf_counter()
    report(compute(path, ledger, threads), ledger)
    wall, whole = time.perf_counter() - started, used()
    report(compute(path, ledger, threads), ledger)
    dearest = dict(sorted(ledger.models.items(), key=lambda item: -item[1].cpu_s)[:MOST])
    told = {
        "cpu_s": whole, "wall_s": wall, "imports_cpu_s": imports, "again_cpu_s": used() - whole,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stages": {name: vars(stage) for name, stage in ledger.stages.items()},
        "models": {name: vars(model) for name, model in dearest.items()},
    }  # fmt: skip
    print(json.dumps(json.loads(json.dumps(told), parse_float=lambda text: round(float(text), 2))))


if __name__ == "__main__":
    main()
