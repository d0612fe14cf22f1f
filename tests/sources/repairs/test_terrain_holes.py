"""Holes in the terrain: small ones filled from their rims, large ones shown, open edges left alone."""

import numpy as np
import pytest

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.terrain_holes import fill_holes, repair
from tests.sources.planner_files import TARGET

PLACED = TARGET.placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
ROWS = np.arange(40.0)


def mended(values: np.ndarray, *, most: int = 25) -> RepairResult:
    grid = PLACED.base
    assert grid is not None
    var = vocabulary()["terrain"]
    found = SourceLayer(var, on_grid(values, grid, var, 5.0), grid, stated=float(np.isfinite(values).mean()))
    return repair(Layers({layer_key(found): found}), Rules(PLACED, choices=Choices(hole_cells=most)))


def test_a_small_hole_is_filled_from_its_rim_and_a_large_one_shown() -> None:
    plane = np.add.outer(ROWS, 2 * ROWS)
    holed = plane.copy()
    holed[10:13, 10:13] = np.nan
    holed[20:30, 20:30] = np.nan
    holed[0:3, 0:3] = np.nan
    done = mended(holed)
    found = done.layers.get("terrain")
    assert found is not None
    values = found.value.to_numpy()
    assert values[10:13, 10:13] == pytest.approx(plane[10:13, 10:13], abs=3.0)
    assert values[11, 11] == pytest.approx(plane[11, 11], abs=1e-6)
    assert np.isnan(values[20:30, 20:30]).all()
    assert np.isnan(values[0:3, 0:3]).all()
    assert [(finding.text, finding.count) for finding in done.findings] == [
        ("intake.holes_filled", 9), ("intake.holes_left", 100)
    ]  # fmt: skip
    small, large = done.findings
    assert PLACED.base is not None
    west, north = PLACED.base.affine * (0, 0)
    assert small.values["places"] == [f"{west + 11.5 * 5:.0f}, {north - 11.5 * 5:.0f} (225 m²)"]
    assert (large.values["x"], large.values["y"]) == (
        f"{west + 100:.0f}–{west + 150:.0f}", f"{north - 150:.0f}–{north - 100:.0f}",
    )  # fmt: skip
    assert str(large.values["places"]).strip("[]'") in large.say("zh")
    assert [(problem.mended, problem.shape.area) for problem in done.problems] == [(False, 2500.0), (True, 225.0)]
    assert found.completeness < 1.0


def test_nothing_is_filled_where_the_study_wants_none() -> None:
    holed = np.add.outer(ROWS, ROWS)
    holed[5, 5] = np.nan
    assert {finding.text for finding in mended(holed, most=0).findings} == {"intake.holes_left"}
    assert not mended(np.add.outer(ROWS, ROWS)).findings


def test_filling_stays_within_the_rim() -> None:
    values = np.random.default_rng(3).random((30, 30))
    where = np.zeros((30, 30), dtype=bool)
    where[10:14, 12:18] = True
    rim = values[8:16, 10:20][~where[8:16, 10:20]]
    holed = np.where(where, np.nan, values)
    done = fill_holes(holed, where)[where]
    assert rim.min() <= done.min() <= done.max() <= rim.max()
