"""Rows and columns that no water reaches are skipped, and that changes nothing."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood.solver import advance
from citybraid.kernels.flood.state import ForcingInterval, Scheme, pass_arrays, seams, work_arrays
from citybraid.resilience.flood.event import Event, initial_peaks, initial_state, sinks
from citybraid.resilience.flood.grid import cell_size, edge_faces, model_domain, roofs, solver_bed
from citybraid.resilience.rain.forcing import EVERYWHERE

SHAPE = (23, 31)
DEBRIS = {"depth": 0.25, "shallow": 0.5, "deep": 1.0}
SCHEME = Scheme(0.7, 0.9, 10.0, 4, 20.0, 0.01)


def event(depth: NDArray[np.float64], seed: int) -> Event:
    shape = depth.shape
    draw = np.random.default_rng(seed)
    bed = xr.DataArray(draw.normal(0.0, 0.2, shape), dims=("y", "x"))
    built = xr.DataArray((draw.random(shape) > 0.9).astype(float), dims=("y", "x"))
    grid = GeoBox.from_bbox((0, 0, 5 * shape[1], 5 * shape[0]), crs="EPSG:32651", resolution=5)
    size = cell_size(grid)
    found = model_domain(bed, built, blocked_from=0.5)
    above = roofs(found, size, None)
    faces = edge_faces(found, ("free",) * 4, "free")
    nowhere = np.zeros((0, 2), np.int32), np.zeros(0)
    base = solver_bed(found, np.full(shape, 0.03), above, faces, nowhere, size)
    soil = sinks(found, {})
    water = initial_state(base, np.where(found.open, depth, 0.0))
    return Event(found, above, base, soil, water, initial_peaks(found, DEBRIS, 600.0))


def run(one: Event, steps: int) -> None:
    work, band = work_arrays(SHAPE), seams(SHAPE[1], 1, min_cells=1)
    passes = pass_arrays(4, len(one.bed.edges))
    force = ForcingInterval(1e6, 0.0, 0.0, np.zeros(4), np.zeros(4), EVERYWHERE)
    for count in (steps, 0):
        advance(one.bed, one.soil, one.structures, one.water, one.peaks, SCHEME, force, None, work, band, passes, count)


spots = st.lists(st.tuples(st.integers(0, 22), st.integers(0, 30)), max_size=4)


@given(spots, st.integers(0, 2**32 - 1), st.integers(0, 60))
@example([(0, 0), (22, 30)], 1, 40)
@example([], 0, 3)
@example([(11, 15)], 5, 0)
def test_skipping_changes_nothing(wet: list[tuple[int, int]], seed: int, steps: int) -> None:
    """Depth, discharge and peaks have the same bits as when every cell is visited."""
    depth = np.zeros(SHAPE)
    for row, column in wet:
        depth[row, column] = 1.5
    skipping, whole = event(depth, seed), event(depth, seed)
    whole.water.first[:], whole.water.last[:] = 0, SHAPE[1]
    run(skipping, steps)
    run(whole, steps)
    for name in ("h", "qx", "qy"):
        np.testing.assert_array_equal(getattr(skipping.water, name), getattr(whole.water, name))
    for name in ("depth", "speed", "hazard", "arrival", "duration"):
        np.testing.assert_array_equal(getattr(skipping.peaks, name), getattr(whole.peaks, name))


def test_visits_only_what_water_reaches() -> None:
    depth = np.zeros(SHAPE)
    depth[11, 15] = 0.5
    one = event(depth, 4)
    assert one.domain.open[11, 15]
    run(one, 1)
    assert one.water.tally[0] == 4, "steps of one length"
    assert 0 < one.water.tally[1] < 4 * 50
    assert float(one.water.h.sum()) == pytest.approx(0.5)
