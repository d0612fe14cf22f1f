"""What models cost: rows for `codes/costs.csv`, measured on studies, where a model has none yet.

python benchmarks/model_costs.py pilots/xiamen/study.toml pilots/jakarta/study.toml …

Each study is run twice from an empty store on one thread; the second run counts, for kernels are compiled in the first.
A model that reads or makes rasters is measured by its cells, any other by the longest table of the study, as the
pre-flight does; of several studies the dearest counts. What takes less than LEAST_SECONDS in every study is written as
0: it is measured, and counts for nothing. Memory is not measured: 0.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from citybraid.core.step import Step
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.pilots import generate
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.backends.workplace import Workplace
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.preflight import costs, longest_table

LEAST_SECONDS = 0.1
"""Times of a Step below this say nothing of how they grow [s]."""

Measured = dict[str, tuple[float, float]]
"""Seconds per cell and per row by model id."""


def measured(study: OpenStudy) -> Measured:
    """Run the alternatives of a study twice and return what its models took in the second run."""
    found: Measured = {}
    execute = Workplace.execute
    for _ in range(2):
        steps: list[tuple[Step, float]] = []
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "store")
            Workplace.execute = _timed(execute, steps)  # type: ignore[assignment,method-assign]  # in this process only
            run_study(study, out=Path(folder) / "run", store=store, threads=1, baseline_only=True)
            Workplace.execute = execute  # type: ignore[method-assign]
            rows = longest_table(take_in_study(study, store), store)
        found = _by_model(steps, rows)
    return found


def _timed(
    execute: Callable[[Workplace, Step, int, Callable[[float], None]], float], steps: list[tuple[Step, float]]
) -> Callable[[Workplace, Step, int, Callable[[float], None]], float]:
    def timed(workplace: Workplace, step: Step, threads: int, tick: Callable[[float], None]) -> float:
        started = time.thread_time()
        seconds = execute(workplace, step, threads, tick)
        steps.append((step, time.thread_time() - started))
        return seconds

    return timed


def _by_model(steps: list[tuple[Step, float]], rows: int) -> Measured:
    found: Measured = {}
    for step, seconds in steps:
        if seconds < LEAST_SECONDS:
            found.setdefault(step.model.id, (0.0, 0.0))
            continue
        layers = (*step.outs, *(layer for read in step.reads.values() for layer in read.values()))
        grids = [layer.grid for layer in layers if layer.grid is not None]
        before = found.get(step.model.id, (0.0, 0.0))
        if grids:
            cells = max(grid.shape[0] * grid.shape[1] for grid in grids)
            found[step.model.id] = (max(before[0], seconds / cells), before[1])
        else:
            found[step.model.id] = (before[0], max(before[1], seconds / max(rows, 1)))
    return found


def main() -> None:
    """Measure the studies and print the rows of models without one."""
    dearest: Measured = {}
    for name in sys.argv[1:]:
        study = open_study(Path(name))
        generate(study)
        for model, (cell, row) in measured(study).items():
            before = dearest.get(model, (0.0, 0.0))
            dearest[model] = (max(before[0], cell), max(before[1], row))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for model, seconds in sorted(dearest.items()):
        if model not in costs():
            writer.writerow([model, *(f"{each:.1e}" if each else "0" for each in seconds), "0"])


if __name__ == "__main__":
    main()
