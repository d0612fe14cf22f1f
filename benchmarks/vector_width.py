"""Floods by the width of vectors: CPU nanoseconds a cell and step with LLVM's width and the widest, as one JSON line.

python benchmarks/vector_width.py [--cells 400] [--minutes 25] [--pairs 2]

The town and the storm of `flood.py`, with soil and drains, on one thread, in processes of their own that take turns.
Where a processor has no wide vectors, both are the same.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from flood import HEIGHT, ours, storm, streets
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

ONE = "--one"
"""Has this process run one flood and print its seconds."""


def one(cells: int, minutes: float) -> dict[str, float | str]:
    """Return the cost of a flood and a digest of its depths."""
    bare, built = streets(cells)
    found = ours(bare + HEIGHT * built, None, storm(), minutes=minutes, soil=True)
    digest = hashlib.sha256(found.depth.tobytes()).hexdigest()
    return {"ns": 1e9 * found.seconds / found.work, "cpu_s": found.seconds, "depths": digest}


def elsewhere(cells: int, minutes: float, **settings: str) -> dict[str, float | str]:
    """Return the cost of a flood in another process, with settings of numba."""
    done = subprocess.run(  # noqa: S603  (our own file)
        [sys.executable, str(Path(__file__)), ONE, "--cells", str(cells), "--minutes", str(minutes)],
        env={**os.environ, **settings}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    answer: dict[str, float | str] = json.loads(done.stdout)
    return answer


def main() -> None:
    """Run floods by turns and print the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=400, help="cells along each side")
    parser.add_argument("--minutes", type=float, default=25.0, help="minutes of the event to run")
    parser.add_argument("--pairs", type=int, default=2, help="runs of each")
    parser.add_argument(ONE, action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    size = asked.cells, asked.minutes
    if asked.one:
        print(json.dumps(one(*size)))
        return
    usual = {"NUMBA_CPU_FEATURES": get_host_cpu_features().flatten()}
    runs = [(elsewhere(*size, **usual), elsewhere(*size)) for _ in range(asked.pairs)]
    told = {
        "processor": get_host_cpu_name(), "cells": asked.cells, "minutes": asked.minutes,
        "llvm_ns": [round(float(before["ns"]), 2) for before, _ in runs],
        "widest_ns": [round(float(after["ns"]), 2) for _, after in runs],
        "same_bits": len({each["depths"] for pair in runs for each in pair}) == 1,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
