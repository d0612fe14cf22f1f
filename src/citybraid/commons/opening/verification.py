"""Verification of a case: hashes of all parts, and a sample of its indicators computed again from its own inputs."""

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.commons.form.archive import file_digest
from citybraid.commons.form.card import InputRecord
from citybraid.commons.form.paths import inner
from citybraid.commons.opening.opened import Checked, check, unpacked_case
from citybraid.core.errors import InputError
from citybraid.store.store import Store
from citybraid.study.explain.verification import TOLERANCE
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

INDICATORS = "results/indicators.csv"
STUDY = "study/study.toml"
DATA = "inputs"


class SampledValue(NamedTuple):
    """An indicator as the case tells it and as it was computed again; NaN where it was not computed."""

    alternative: str
    zone: str
    indicator: str
    told: float
    computed: float

    @property
    def holds(self) -> bool:
        """Whether both agree."""
        size = max(abs(self.told), abs(self.computed))
        return bool(np.isfinite(self.computed)) and abs(self.told - self.computed) <= TOLERANCE * size


class Verified(NamedTuple):
    """A case whose parts have their hashes, and the values that were computed again."""

    checked: Checked
    sample: tuple[SampledValue, ...]

    @property
    def holds(self) -> bool:
        """Whether every sampled value was reproduced."""
        return all(each.holds for each in self.sample)


def verify(file: Path, *, rerun: int = 0, data: Path | None = None, emit: Emit = quiet) -> Verified:
    """Verify the hashes of a case, and recompute so many of its indicators from its inputs.

    Inputs that are not packed are taken from the folder `data`, where it holds the same bytes at the study's paths.
    Raises InputError where a part is not as the card says, or where a re-run is asked for and inputs are absent.
    """
    if not rerun:
        return Verified(check(file), ())
    with unpacked_case(file) as (checked, folder):
        absent = [each for each in checked.card.inputs if not each.packed]
        if lacking := [each.entry for each in absent if not _supplied(each, data, folder / DATA)]:
            raise InputError("case.rerun_lacks", file=file.name, entries=lacking)
        return Verified(checked, _recomputed(folder, checked, rerun, emit))


def _supplied(absent: InputRecord, data: Path | None, inputs: Path) -> bool:
    """Copy the files of an input from a folder into that of the inputs; False unless all are there as the card says."""
    supplied = {} if data is None else {each: data / each.path for each in absent.pieces if inner(each.path)}
    same = [
        each for each, path in supplied.items() if path.is_file() and file_digest(path) == (each.bytes, each.sha256)
    ]
    if not same or len(same) < len(absent.pieces):
        return False
    for each in same:
        (inputs / each.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(supplied[each], inputs / each.path)
    return True


def _recomputed(folder: Path, checked: Checked, count: int, emit: Emit) -> tuple[SampledValue, ...]:
    study = open_study(folder / STUDY, data=folder / DATA)
    fixed = {name for name, each in study.asked.alternatives.items() if not each.portfolio}
    sampled = sample(read_indicators(folder / INDICATORS), fixed, count, checked.id)
    if not sampled:
        raise InputError("case.rerun_nothing", file=checked.file.name)
    with tempfile.TemporaryDirectory(prefix="citybraid-") as scratch:
        place = Path(scratch)
        run = run_study(study, out=place / "runs" / "001", store=Store(place / "store"), emit=emit, baseline_only=True)
        return tuple(computed_by(run, sampled))


def sample(rows: list[SampledValue], alternatives: set[str], count: int, seed: str) -> list[SampledValue]:
    """Return so many values of alternatives without a chosen portfolio; the same case gives the same sample."""
    fixed = [each for each in rows if each.alternative in alternatives]

    def draw(each: SampledValue) -> bytes:
        return hashlib.sha256(f"{seed}|{each.alternative}|{each.zone}|{each.indicator}".encode()).digest()

    return sorted(fixed, key=draw)[:count]


def read_indicators(path: Path) -> list[SampledValue]:
    """Return the indicators of an unpacked case; raises InputError where they cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return [
                SampledValue(row["alternative"], row["zone"], row["indicator"], float(row["value"]), np.nan)
                for row in csv.DictReader(stream)
            ]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as fault:
        raise InputError("case.part_unreadable", path=INDICATORS) from fault


def computed_by(run: Run, sampled: Sequence[SampledValue]) -> list[SampledValue]:
    """Return indicators that a case tells with the values that a run has of them, NaN where it has none."""
    values = {name: _values(run, name) for name in {each.alternative for each in sampled} & set(run.alternatives)}
    return [
        each._replace(computed=values.get(each.alternative, {}).get((each.zone, each.indicator), np.nan))
        for each in sampled
    ]


def _values(run: Run, alternative: str) -> dict[tuple[str, str], float]:
    """Return the indicators of an alternative by zone and name; a zone that stands twice has none."""
    units = run.table(f"units/{alternative}")
    if units is None:
        return {}
    units.index = units.index.astype(str)
    units = units[~units.index.duplicated(keep=False)]
    return {
        (str(zone), str(name)): float(value)
        for name in units.columns
        for zone, value in pd.to_numeric(units[name]).items()
    }
