"""Floods on coarse cells that know the fine ground: what they share with fine ones, and what is refused."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputError
from citybraid.resilience.flood.event import Event, initial_peaks, initial_state, sinks
from citybraid.resilience.flood.grid import cell_size, edge_faces, model_domain, roofs, solver_bed
from citybraid.resilience.flood.subgrid import Subgrid, coarsen
from tests.resilience.basin import CLOSED, CRS, DEBRIS, features, line, plane, rain, raster, run, series

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
SHAPE = (12, 24)
CELL = 25.0


def rough(shape: tuple[int, int] = SHAPE, *, slope: float = 0.02, seed: int = 4) -> Floats:
    """Return a rough ground that falls to the east [m]."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    return np.asarray(10.0 - slope * x + np.random.default_rng(seed).normal(0.0, 0.1, shape) + 0.0 * y)


def coarse(bed: Floats, step: int) -> Subgrid:
    """Return a dry run over a bed on coarse cells."""
    grid = GeoBox.from_bbox((0, 0, bed.shape[1] * 5, bed.shape[0] * 5), crs=CRS, resolution=5)
    found, size = model_domain(raster(bed), None, blocked_from=0.5), cell_size(grid)
    above = roofs(found, size, None)
    faces = edge_faces(found, ("closed",) * 4, "closed")
    nowhere = np.zeros((0, 2), np.int32), np.zeros(0)
    base = solver_bed(found, np.full(bed.shape, 0.03), above, faces, nowhere, size)
    event = Event(found, above, base, sinks(found, {}), initial_state(base, None), initial_peaks(found, DEBRIS, 60.0))
    return coarsen(event, step)


@pytest.mark.parametrize("step", [2, 3, 4])
def test_levels_rise_with_volume_and_give_it_back(step: int) -> None:
    made = coarse(rough((step, step), seed=step), step)
    depths = []
    for volume in (0.0, 1e-9, 1e-4, 0.01, 0.05, 0.2, 1.0, 7.0):
        made.water.h[:] = volume
        depths.append(made.depth())
        assert depths[-1].sum() / step**2 == pytest.approx(volume, rel=1e-5, abs=1e-12)
    assert all((more >= less).all() for less, more in pairwise(depths))
    assert np.ptp(depths[-1] + made.domain.z) < 1e-4


@pytest.mark.parametrize("step", [2, 3, 4])
def test_flat_coarse_cells_flow_as_plain_ones(step: int) -> None:
    """Where the ground within coarse cells is flat they are the plain solver's cells; steps are the same for both."""
    wide = rough((7, 9))
    fine = np.repeat(np.repeat(wide, step, axis=0), step, axis=1)
    words: dict[str, Any] = {"falling": rain(80.0, 900.0), "duration": 1800, "threshold": 0.01, "longest_step": 0.5}
    plain = run(wide, cell=5.0 * step, **words)
    subgrid = run(fine, cell=5.0, subgrid=step, **words)
    for name in ("max_depth", "final_depth", "max_speed", "hazard_rating"):
        got, want = getattr(subgrid, name).to_numpy()[::step, ::step], getattr(plain, name).to_numpy()
        np.testing.assert_allclose(got, want, rtol=1e-3, atol=2e-3)
    assert subgrid.outflow_volume == pytest.approx(plain.outflow_volume, rel=1e-4)


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_grid_of_any_shape_is_padded_with_outside(step: int) -> None:
    shape = (7, 11)
    found = run(rough(shape), falling=rain(36.0), subgrid=step, **CLOSED)
    assert found.rain_volume == pytest.approx(0.036 * CELL * 77)
    assert found.stored_volume == pytest.approx(found.rain_volume)
    assert float(found.final_depth.sum()) * CELL == pytest.approx(found.stored_volume, rel=1e-4)


def test_roofs_and_outside_cells_keep_their_water() -> None:
    share, bed = np.zeros(SHAPE), rough()
    share[3:6, 5:10] = 1.0
    bed[8:, 18:] = np.nan
    found = run(bed, falling=rain(36.0), building_fraction=share, subgrid=3, outside="closed", **CLOSED)
    inside = np.isfinite(bed).sum()
    assert np.isnan(found.max_depth.to_numpy()[3:6, 5:10]).all()
    assert np.isnan(found.max_depth.to_numpy()[8:, 18:]).all()
    assert found.stored_volume == pytest.approx(0.036 * CELL * inside, rel=1e-6)
    free = run(bed, falling=rain(36.0), building_fraction=share, subgrid=3, **CLOSED)
    assert free.outflow_volume > 0.1 * free.rain_volume
    assert abs(free.mass_error) < 1e-6


def test_roofs_hold_back_their_storage() -> None:
    share, storage = np.zeros(SHAPE), np.zeros(SHAPE)
    share[3:6, 5:10] = 1.0
    storage[share == 1.0] = 20.0
    found = run(rough(), falling=rain(36.0), building_fraction=share, surface_storage=storage, subgrid=2, **CLOSED)
    assert found.infiltration_volume == pytest.approx(15 * 0.020 * CELL, rel=1e-6)


def test_sinks_take_as_much_as_on_fine_cells_where_all_is_even() -> None:
    words: dict[str, Any] = {
        "falling": rain(60.0), "hydraulic_conductivity": plane(SHAPE, 6.5), "suction_head": plane(SHAPE, 166.8),
        "moisture_deficit": plane(SHAPE, 0.3), "surface_storage": plane(SHAPE, 2.0),
        "drain_capacity": plane(SHAPE, 8.0), **CLOSED,
    }  # fmt: skip
    fine, found = (run(plane(SHAPE, 1.0), subgrid=step, **words) for step in (1, 4))
    assert found.infiltration_volume == pytest.approx(fine.infiltration_volume, rel=1e-3)
    assert found.drained_volume == pytest.approx(fine.drained_volume, rel=1e-3)


def test_level_edges_fill_to_their_level() -> None:
    found = run(rough(slope=0.0), duration=3600, subgrid=3, **{**CLOSED, "west": 10.6})
    np.testing.assert_allclose(found.final_depth + rough(slope=0.0), 10.6, atol=0.02)
    assert found.inflow_volume == pytest.approx(found.stored_volume + found.outflow_volume)


def test_inflow_enters_by_length_of_its_line() -> None:
    words: dict[str, Any] = {"inflows": line((2, 2), (2, 58)), "inflow_discharge": series([0.5, 0.5, 0.0], 300.0)}
    found = run(plane(SHAPE, 0.0), subgrid=4, **words, **CLOSED)
    assert found.stored_volume == pytest.approx(300.0)
    middle = found.max_depth.to_numpy()[:, 0]
    np.testing.assert_allclose(middle, middle[::-1], rtol=1e-6)


def test_one_fine_pit_fills_first_and_alone() -> None:
    bed = plane(SHAPE, 1.0)
    bed[5, 6] = 0.0
    found = run(bed, falling=rain(3.0, 600.0), subgrid=4, **CLOSED).final_depth.to_numpy()
    beside = np.delete(found[4:8, 4:8].ravel(), 6)
    assert found[5, 6] >= 0.0005 * 16 * 0.999
    assert (beside == 0.0).all()
    pool = np.where(bed == 0.0, 0.9, 0.0)
    kept = run(bed, initial_depth=pool, duration=600, subgrid=4, **CLOSED).final_depth.to_numpy()
    np.testing.assert_allclose(kept, pool, atol=1e-9)


def test_a_dry_sliver_shortens_the_step_that_fills_it() -> None:
    """One open fine cell alone in its coarse cell is the only way out of a strong inflow: steps that took it
    for a whole coarse cell would raise it by 18 m."""
    share = np.zeros((6, 4))
    share[1, [0, 1, 3]] = share[2, [0, 3]] = share[3:5, 1:3] = 1.0
    bed = np.tile([10.0, 10.1, 10.1, 10.1], (6, 1))
    words: dict[str, Any] = {"inflows": line((11.5, 22.5), (13.5, 22.5)), "duration": 1500, **CLOSED, "east": 7.65}
    discharge = series([5.0, 20.0, 0.0], 300.0)
    found = run(bed, building_fraction=share, subgrid=3, inflow_discharge=discharge, **words)
    assert np.nanmax(found.max_depth) < 8.0


def test_a_field_of_rain_falls_where_it_lies() -> None:
    """Half of the area is rained on; roofs there shed theirs."""
    share = np.zeros(SHAPE)
    share[2:5, 3:7] = 1.0
    rate = np.zeros((2, *SHAPE))
    rate[0, :, :12] = 36.0
    y, x = 5.0 * np.arange(SHAPE[0], 0, -1) - 2.5, 5.0 * np.arange(SHAPE[1]) + 2.5
    falling = xr.DataArray(rate, dims=("time", "y", "x"), coords={"time": [0.0, 1.0], "y": y, "x": x})
    bed = rough(slope=0.0)
    bed[:, 12] = 20.0
    found = run(bed, areal_rain=falling, building_fraction=share, subgrid=4, **CLOSED)
    assert found.rain_volume == pytest.approx(0.036 * CELL * 144, rel=1e-6)
    assert abs(found.mass_error) < 1e-6
    depth = found.final_depth.to_numpy()
    assert (depth[:, 16:] == 0.0).all()
    assert np.nansum(depth) * CELL == pytest.approx(found.rain_volume, rel=1e-4)


def test_speed_and_hazard_are_those_of_the_flow_on_a_plane() -> None:
    """Normal flow: v = h^(2/3) √S / n, the same on all cells but the first."""
    y, x = np.mgrid[0:8, 0:60]
    bed = 5.0 - 0.01 * x + 0.0 * y
    words: dict[str, Any] = {
        "inflows": line((1, 0), (1, 40)), "inflow_discharge": series([4.0] * 20, 300.0), "duration": 5400,
        "threshold": 0.01, "north": "closed", "south": "closed", "west": "closed",
    }  # fmt: skip
    fine, found = (run(bed, subgrid=step, **words).max_speed.to_numpy()[:, 16:44] for step in (1, 4))
    assert float(np.median(found)) == pytest.approx(float(np.median(fine)), rel=0.03)


@pytest.mark.parametrize(
    "words",
    [
        {"levees": features(LineString([(60, -5), (60, 70)]), crest_height=[1.0])},
        {"culverts": features(LineString([(7, 7), (80, 7)]), culvert_diameter=[0.5])},
        {"pumps": features(Point(30, 30), pump_capacity=[0.1])},
    ],
)
def test_refuses_what_is_built(words: dict[str, Any]) -> None:
    with pytest.raises(InputError) as told:
        run(plane(SHAPE, 1.0), subgrid=2, **words)
    assert told.value.text == "flood.subgrid_structures"


def test_refuses_coupled_drains() -> None:
    with pytest.raises(InputError) as told:
        run(plane(SHAPE, 1.0), subgrid=2, drains="coupled")
    assert told.value.text == "flood.subgrid_drains"


def streets() -> tuple[Floats, Floats]:
    """Return a sloping town's ground with hollows [m], and its building shares."""
    y, x = np.mgrid[0:96, 0:144]
    bed = 0.01 * x + 0.5 * np.sin(x / 17.0) * np.cos(y / 13.0) + np.random.default_rng(1).normal(0.0, 0.03, x.shape)
    return bed, (((x % 13) >= 7) & ((y % 17) >= 6)).astype(np.float64)


def plain(fine: Floats, step: int) -> Floats:
    """Return the mean of each coarse cell."""
    rows, columns = fine.shape
    found: Floats = fine.reshape(rows // step, step, columns // step, step).mean(axis=(1, 3))
    return found


def test_figure(figure: Callable[[str], Path]) -> None:
    bed, built = streets()
    words: dict[str, Any] = {"falling": rain(60.0, 2400.0), "duration": 3600, **CLOSED}
    fine = run(bed, building_fraction=built, **words).max_depth.to_numpy()
    known = run(bed, building_fraction=built, subgrid=4, **words).max_depth.to_numpy()
    ground = np.where(built > 0.0, 0.0, bed)
    mean = plain(ground, 4) / np.maximum(1.0 - plain(built, 4), 1e-9)
    coarse = run(mean, building_fraction=plain(built, 4), cell=20.0, **words).max_depth.to_numpy()
    spread = np.where(built > 0.0, np.nan, np.repeat(np.repeat(np.nan_to_num(coarse), 4, axis=0), 4, axis=1))
    shown = ((fine, "Cells of 5 m"), (known, "subgrid = 4"), (spread, "Plain cells of 20 m"))
    picture, axes = plt.subplots(2, 3, figsize=(13, 6.2), layout="constrained")
    for column, (depth, title) in enumerate(shown):
        off = depth - fine
        rmse = float(np.sqrt(np.nanmean(off**2)))
        for axis, values, colours, low in (
            (axes[0, column], depth, "Blues", 0.0),
            (axes[1, column], off, "RdBu", -0.3),
        ):
            axis.set_facecolor("0.6")
            drawn = axis.imshow(
                values, cmap=colours, extent=(0, 720, 0, 480), vmin=low, vmax=0.6 if low == 0.0 else 0.3
            )
            axis.set(xlabel="x [m]", ylabel="y [m]")
            picture.colorbar(drawn, ax=axis, shrink=0.8)
        axes[0, column].set_title(f"{title}: greatest depth [m]")
        axes[1, column].set_title(f"less that of 5 m cells [m], RMSE {rmse:.3f}")
    picture.savefig(figure("resilience.flood.subgrid"), dpi=110)
    plt.close(picture)
    assert float(np.nanmean((known - fine) ** 2)) < 0.25 * float(np.nanmean((spread - fine) ** 2))
