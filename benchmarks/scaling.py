"""What a run would take on more workers, simulated from its trace; one JSON line for each case and count of workers.

No cluster is measured here: the recorded Steps of a run are scheduled again (citybraid.study.explain.scaling), with
what benchmarks/dask_overhead.py measured beside a Step's own time. Cases: the run in its stages (one alternative
after another); its alternatives at once; and so many areas like it at once, such as the domains of a region.

    python benchmarks/scaling.py RUN [--workers 1 2 4 10 40 100] [--areas 150] [--overhead-ms 10] [--dispatch-ms 3]
"""

import argparse
import json
from pathlib import Path

from citybraid.study.explain.scaling import Cluster, Schedule, Task, in_stages, repeated, schedule, stages_of
from citybraid.study.run.run import Run


def line(case: str, found: Schedule) -> str:
    """Return a schedule as JSON."""
    return json.dumps({
        "case": case, "workers": found.workers, "seconds": round(found.seconds, 1), "work_s": round(found.work, 1),
        "chain_s": round(found.chain, 1), "speed_up": round(found.speed_up, 2),
        "efficiency": round(found.efficiency, 3),
    })  # fmt: skip


def main() -> None:
    """Read the arguments and print the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 10, 40, 100])
    parser.add_argument("--areas", type=int, default=150)
    parser.add_argument("--overhead-ms", type=float, default=10.0)
    parser.add_argument("--dispatch-ms", type=float, default=3.0)
    given = parser.parse_args()
    stages = stages_of(Run.open(given.run))
    every: tuple[Task, ...] = tuple(task for stage in stages for task in stage)
    areas = repeated(every, given.areas)
    for workers in given.workers:
        cluster = Cluster(workers, given.overhead_ms / 1e3, given.dispatch_ms / 1e3)
        print(line("in stages", in_stages(stages, cluster)))
        print(line("alternatives at once", schedule(every, cluster)))
        print(line(f"{given.areas} areas at once", schedule(areas, cluster)), flush=True)


if __name__ == "__main__":
    main()
