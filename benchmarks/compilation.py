"""First compilation of models: processor seconds by model and by function, printed as one JSON line each.

python benchmarks/compilation.py resilience.canopy_air [MODEL ...]

Each model runs its golden case with an empty folder of compiled kernels; what models share counts with the first that
is named. `cpu_s` is all of the model's call, `compiling_cpu_s` what numba takes of it; `dearest` are functions without
what they call. A build that the case does not ask for is not compiled. Numba's events, listened to here and by parallel
tests, are no part of its interface for users.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import NamedTuple

DEAREST = 8
"""Functions that are printed."""


class Compiled(NamedTuple):
    """A function that was compiled: its name, and seconds of the processor without what it calls [s]."""

    name: str
    seconds: float


def main() -> None:
    """Run the models' golden cases and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        for line in lines(sys.argv[1:]):
            print(json.dumps(json.loads(json.dumps(line), parse_float=lambda text: round(float(text), 2))), flush=True)


def lines(names: list[str]) -> Iterator[dict[str, object]]:
    """Yield what each model took; imports come here, as the folder must be chosen before numba is imported."""
    from numba.core import event

    import citybraid.kernels.compiled  # noqa: F401  (it chooses the folder)
    from tests.discovered import models
    from tests.golden.values import golden_case

    found: list[Compiled] = []
    running: list[list[float]] = []

    class Watch(event.Listener):
        """Notes what each compilation took; one within another counts for itself alone."""

        def on_start(self, _: object) -> None:
            running.append([time.process_time(), 0.0])

        def on_end(self, ended: event.Event) -> None:
            started, within = running.pop()
            took = time.process_time() - started
            if running:
                running[-1][1] += took
            function = ended.data["dispatcher"].py_func
            found.append(Compiled(f"{function.__module__.rpartition('.')[2]}.{function.__name__}", took - within))

    event.register("numba:compile", Watch())  # type: ignore[no-untyped-call]  # numba's
    by_id = {model.id: model for model in models()}
    for name in names:
        case = golden_case(by_id[name])
        found.clear()
        started = time.process_time()
        by_id[name].of(case)
        dearest = sorted(found, key=lambda each: -each.seconds)[:DEAREST]
        yield {
            "model": name, "cpu_s": time.process_time() - started,
            "compiling_cpu_s": sum(each.seconds for each in found), "functions": len(found),
            "dearest": [list(each) for each in dearest],
        }  # fmt: skip


if __name__ == "__main__":
    main()
