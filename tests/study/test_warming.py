"""Warming compiles what studies run: a flood with defences compiles nothing more after it."""

from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import LineString

from citybraid.kernels.flood.solver import advance
from citybraid.kernels.flood.subgrid import advance as advance_coarse
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import DEMO, copy_pilot
from citybraid.study.run.warming import tiny_runs
from tests.resilience.basin import CLOSED, features, plane, rain, run

pytestmark = pytest.mark.slow


def compiled() -> int:
    return len(advance.signatures) + len(advance_coarse.signatures)  # type: ignore[attr-defined]


def test_a_flood_compiles_nothing_after_warming(tmp_path: Path) -> None:
    study = open_study(copy_pilot(DEMO, tmp_path / DEMO))
    told = [name for name, _ in tiny_runs(study)]
    assert len(told) == len(set(told))
    before = compiled()
    levee = features(LineString([(50, -5), (50, 105)]), crest_height=[1.0])
    bed, wet = plane((6, 20), 0.0), {"falling": rain(50.0, 60.0), "duration": 60.0, **CLOSED}
    for parts in ({}, {"levees": levee}, {"drain_capacity": np.full(bed.shape, 36.0)}, {"subgrid": 2}):
        run(bed, **wet, **parts)
    assert compiled() == before
