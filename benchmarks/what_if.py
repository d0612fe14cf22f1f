"""Bands of what-if answers against full runs: prints how often each holds and how wide it is, in JSON lines.

Random edits of single parcels are run on the screening grid, or taken from the store; each is then answered from the
others alone, in so many parts. `low` and `high` are the ends of the exact binomial interval (Clopper and Pearson 1934,
95 %) of how often a band holds. `ran` is the share of edits whose value an answer would run at once, by the measured
costs of models, as if nothing of the edit were stored; `seconds` is processor time of one answer's bands. Then come the
values that follow from the edit alone (residents, floor area ratio, setback, parking …), by how much the runs differ
from them at most, and so many fresh edits are answered whole: seconds of the processor and of the clock, and how many
values were run.

    python benchmarks/what_if.py STUDY [--edits 100] [--seed 20261128] [--parts 5] [--answers 8] [--measure NAME …]
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from citybraid.integrate.learn.conformal import Inputs
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.whatif.answer import WIDE, what_if
from citybraid.study.whatif.at_once import ALLOWED, AtOnce
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.drawing import Ranges
from citybraid.study.whatif.learning import Learned, learn

HELD = 0.9
"""Share of edits that a band is asked to hold [-]."""
Floats = NDArray[np.float64]


class Tried(NamedTuple):
    """By edit and column: whether the band holds the run's change (NaN: no band), its width over the range, and run."""

    holds: Floats
    width: Floats
    ran: Floats
    seconds: Floats


def tried(learned: Learned, parts: int) -> Tried:
    """Answer every edit of a sample from the other parts of it."""
    count = len(learned.edits)
    part = np.random.default_rng(5).permutation(count) % parts
    shape = learned.changes.shape
    found = Tried(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape), np.zeros(count))
    for number in range(parts):
        others = without(learned, part == number)
        others.band(others.edits[0])
        span = np.where(others.span > 0.0, others.span, np.nan)
        for at in np.flatnonzero(part == number):
            begun = time.process_time()
            band = others.band(learned.edits[at])
            found.seconds[at] = time.process_time() - begun
            change = learned.changes[at]
            slack = 1e-9 * (np.abs(change) + 1e-9)
            known = np.isfinite(change) & np.isfinite(band.low)
            inside = (change >= band.low - slack) & (change <= band.high + slack)
            found.holds[at] = np.where(known, inside, np.nan)
            found.width[at] = (band.high - band.low) / span
            wide = {
                name: min(width, 1.0)
                for name, width in zip(learned.columns, found.width[at], strict=True)
                if width > WIDE
            }
            quick = AtOnce(learned.bench, learned.edits[at], learned.work, fresh=True)
            for name in quick.fitting(wide, quick.processor(ALLOWED))[0]:
                found.ran[at, learned.columns.index(name)] = 1.0
    return found


def without(learned: Learned, left: NDArray[np.bool_]) -> Learned:
    """Return a sample without some edits."""
    keep = np.flatnonzero(~left)
    inputs = Inputs(learned.inputs.moved[keep], learned.inputs.context[keep])
    edits = tuple(learned.edits[at] for at in keep)
    return Learned(
        learned.bench, edits, learned.measures, learned.columns, learned.changes[keep], learned.state, inputs,
        learned.exact, learned.work, keeps=False,
    )  # fmt: skip


def lines(learned: Learned, found: Tried) -> Iterator[dict[str, object]]:
    """Yield a line for each column that some edit moves and that is not computed, then one for each scope."""
    moved = np.nan_to_num(np.abs(learned.changes)).max(axis=0) > 0.0
    rows = []
    for at, name in enumerate(learned.columns):
        if not moved[at] or name in learned.exact or not np.isfinite(found.holds[:, at]).any():
            continue
        run = found.ran[:, at] > 0.0
        known = np.where(run, 1.0, found.holds[:, at])
        known = known[np.isfinite(known)]
        ends = binomtest(int(known.sum()), known.size).proportion_ci(method="exact")
        rows.append({
            "name": name, "holds": float(np.nanmean(found.holds[:, at])), "edits": int(known.size),
            "low": float(ends.low), "high": float(ends.high),
            "width": float(np.nanmedian(found.width[:, at])), "ran": float(run.mean()),
            "holds_with_runs": float(np.nanmean(np.where(run, 1.0, found.holds[:, at]))),
            "width_with_runs": float(np.nanmedian(np.where(run, 0.0, found.width[:, at]))),
        })  # fmt: skip
    yield from rows
    for scope in ("area", "unit", "parcel"):
        own = [row for row in rows if str(row["name"]).startswith(f"{scope}/")]
        if not own:
            continue
        for end in ("", "_with_runs"):
            holds, width = (np.array([float(str(row[f"{key}{end}"])) for row in own]) for key in ("holds", "width"))
            yield {
                "scope": scope, "runs": bool(end), "move": len(own), "holds": float(holds.mean()),
                "least": float(holds.min()), "held": int((holds >= HELD).sum()), "narrow": int((width <= WIDE).sum()),
                "both": int(((holds >= HELD) & (width <= WIDE)).sum()), "width": float(np.median(width)),
                "edits": len(learned.edits), "seconds": float(np.median(found.seconds)),
            }  # fmt: skip


def computed(learned: Learned) -> Iterator[dict[str, object]]:
    """Yield a line for each value that follows from the edit alone: in how many runs it is known, and moves."""
    rows = [learned.features.computed(edit) for edit in learned.edits]
    for name in sorted(learned.exact):
        at = learned.columns.index(name)
        change = learned.changes[:, at]
        mine = np.array([row[name] for row in rows])
        known = np.isfinite(change) & np.isfinite(mine)
        moved = known & (np.abs(change) > 0.0)
        off = float(np.abs(mine[known] - change[known]).max()) if known.any() else 0.0
        yield {"computed": name, "edits": int(known.sum()), "move": int(moved.sum()), "most_off": off}


def answers(learned: Learned, count: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield a line for each whole answer to a fresh edit; the first, which prepares the others, is marked."""
    for number, edit in enumerate(Ranges(learned.bench, learned.measures).draw(count, seed)):
        begun, worked = time.perf_counter(), time.process_time()
        table = what_if(learned, edit).table
        yield {
            "answer": number, "first": number == 0, "cpu_s": time.process_time() - worked,
            "wall_s": time.perf_counter() - begun, "load": os.getloadavg()[0], "values": len(table),
            "run": int((table["how"] == "run").sum()),
            "wide": int((table["how"] == "wide").sum()),
        }  # fmt: skip


def main() -> None:
    """Run the edits and print the lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("study", type=Path)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument("--answers", type=int, default=8)
    parser.add_argument("--measure", action="append", default=[])
    asked = parser.parse_args()
    store = Store(asked.study.parent / ".citybraid" / "store")
    bench = Bench.of(open_study(asked.study), store, threads=2)
    learned = learn(bench, asked.edits, asked.seed, tuple(sorted(asked.measure)))
    told = (lines(learned, tried(learned, asked.parts)), computed(learned))
    for line in chain(*told, answers(learned, asked.answers, asked.seed + 1)):
        print(json.dumps({key: round(each, 4) if isinstance(each, float) else each for key, each in line.items()}))


if __name__ == "__main__":
    main()
