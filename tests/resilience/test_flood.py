"""Flood: what each input does, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.errors import Cancelled, InputError
from citybraid.resilience.flood.coefficients import Coefficients
from citybraid.resilience.flood.event_forcing import EventForcing
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.surface import Surface
from tests.resilience.basin import CLOSED, DEBRIS, INLET, STRUCTURES, line, plane, rain, raster, run, series

FLAT = (6, 7)
CELL = 25.0


def town(rows: int, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a sloping ground with a hollow, and its building shares."""
    y, x = np.mgrid[0:rows, 0:columns]
    ground = 0.02 * (columns - x) + 0.005 * (rows - y) - 1.2 * np.exp(-(((x - 60) / 18) ** 2 + ((y - 45) / 14) ** 2))
    built = ((x % 16) > 5) & ((y % 12) > 4)
    return ground, built.astype(np.float64)


def test_rain_on_a_closed_plane_stands_as_deep_as_it_fell() -> None:
    found = run(plane(FLAT, 3.0), falling=rain(36.0), duration=7200, **CLOSED)
    np.testing.assert_allclose(found.final_depth, 0.036, rtol=1e-6)
    assert found.rain_volume == pytest.approx(0.036 * CELL * 42)
    assert found.stored_volume == pytest.approx(found.rain_volume)
    assert abs(found.mass_error) < 1e-9


@pytest.mark.parametrize("subgrid", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_water_beside_dry_ground_comes_in_as_fast_as_it_falls_and_no_faster(subgrid: int) -> None:
    """2 m of water stands at an edge of a dry bed from the start: a wave, thrown back by the far end, at most doubles.

    The first step is as short as the water outside needs, though there is none inside.
    """
    level = series([2.0, 2.0], 600.0)
    found = run(plane((4, 12), 0.0), edge_level=level, duration=120.0, subgrid=subgrid, **{**CLOSED, "west": "level"})
    assert 1.0 < float(found.max_speed.max()) < 2.0 * np.sqrt(9.81 * 2.0)
    assert 2.0 < float(found.max_depth.max()) < 4.0
    assert abs(found.mass_error) < 1e-9


def test_duration_is_that_of_the_series_where_not_given() -> None:
    assert run(plane(FLAT, 0.0), falling=rain(36.0), **CLOSED).rain_volume == pytest.approx(0.036 * CELL * 42)


def test_roofs_drain_to_the_nearest_open_cell() -> None:
    share = np.zeros(FLAT)
    share[2:4, 2:5] = 1.0
    found = run(plane(FLAT, 0.0), falling=rain(36.0), building_fraction=share, **CLOSED)
    assert np.isnan(found.max_depth.to_numpy()[share == 1.0]).all()
    assert found.stored_volume == pytest.approx(0.036 * CELL * 42, rel=1e-6)


def test_roofs_hold_back_their_storage() -> None:
    share, storage = np.zeros(FLAT), np.zeros(FLAT)
    share[2:4, 2:5] = 1.0
    storage[share == 1.0] = 20.0
    found = run(plane(FLAT, 0.0), falling=rain(36.0), building_fraction=share, surface_storage=storage, **CLOSED)
    assert found.infiltration_volume == pytest.approx(6 * 0.020 * CELL, rel=1e-6)
    assert found.stored_volume == pytest.approx((0.036 * 42 - 0.020 * 6) * CELL, rel=1e-6)
    assert abs(found.mass_error) < 1e-6


def test_a_share_below_the_limit_does_not_block() -> None:
    found = run(plane(FLAT, 0.0), falling=rain(36.0), building_fraction=plane(FLAT, 0.49), **CLOSED)
    assert np.isfinite(found.max_depth.to_numpy()).all()


def test_storage_then_soil_then_drains() -> None:
    words: dict[str, Any] = {"falling": rain(36.0), "duration": 3600, **CLOSED}
    stored = run(plane(FLAT, 0.0), surface_storage=plane(FLAT, 5.0), **words)
    np.testing.assert_allclose(stored.final_depth, 0.031, rtol=1e-6)
    drained = run(plane(FLAT, 0.0), drain_capacity=plane(FLAT, 10.0), **words)
    np.testing.assert_allclose(drained.drained_volume, 0.010 * CELL * 42, rtol=1e-3)
    paved = run(plane(FLAT, 0.0), **soil(0.0), **words)
    assert paved.infiltration_volume == 0.0


def soil(conductivity: float) -> dict[str, Any]:
    return {
        "hydraulic_conductivity": plane(FLAT, conductivity),
        "suction_head": plane(FLAT, 166.8),
        "moisture_deficit": plane(FLAT, 0.34),
    }


def test_ponded_infiltration_follows_green_and_ampt() -> None:
    """F - psi d ln(1 + F / (psi d)) = K t from the first moment on; the pond adds the mean of its depth to the head."""
    found = run(plane(FLAT, 0.0), falling=rain(300.0), duration=3600, **soil(6.5), **CLOSED)
    taken = found.infiltration_volume / (CELL * 42)
    deep = 0.1668 + 0.5 * (0.300 - taken)
    head = deep * 0.34
    assert taken - head * np.log(1 + taken / head) == pytest.approx(0.0065, rel=0.06)


def test_inflow_enters_by_length_of_its_line() -> None:
    discharge = series([2.0, 2.0, 0.0], 300.0)
    found = run(plane((20, 20), 0.0), inflows=line((0, 40), (0, 60)), inflow_discharge=discharge, **CLOSED)
    assert found.inflow_volume == pytest.approx(1200.0)
    assert found.stored_volume == pytest.approx(1200.0)
    middle = found.max_depth.to_numpy()[:, 0]
    np.testing.assert_allclose(middle, middle[::-1], rtol=1e-6)


def test_level_edge_fills_to_the_level() -> None:
    found = run(plane((5, 8), 1.0), west=1.4, duration=3600, north="closed", south="closed", east="closed")
    np.testing.assert_allclose(found.final_depth, 0.4, atol=5e-3)
    assert found.inflow_volume == pytest.approx(found.stored_volume + found.outflow_volume)


def test_level_series_rules_level_edges() -> None:
    level = series(np.linspace(1.0, 1.5, 61), 60.0)
    found = run(plane((5, 8), 1.0), edge_level=level, duration=7200, **{**CLOSED, "west": "level"})
    np.testing.assert_allclose(found.final_depth, 0.5, atol=2e-3)


def test_outside_cells_are_free_or_closed() -> None:
    ground = np.tile(np.linspace(2.0, 1.0, 12), (5, 1))
    ground[:, 9:] = np.nan
    free = run(ground, falling=rain(36.0), threshold=1e-3, **CLOSED)
    closed = run(ground, falling=rain(36.0), outside="closed", **CLOSED)
    assert free.outflow_volume > 0.5 * free.rain_volume
    assert closed.outflow_volume == 0.0
    assert 0.05 < np.nanmax(free.max_speed) < 1.0
    assert np.isnan(free.max_depth.to_numpy()[:, 9:]).all()
    assert free.rain_volume == pytest.approx(0.036 * CELL * 45)


def test_arrival_duration_and_hazard() -> None:
    found = run(plane(FLAT, 0.0), falling=rain(100.0), duration=7200, threshold=0.05, **CLOSED)
    np.testing.assert_allclose(found.arrival_time, 0.5, atol=0.02)
    np.testing.assert_allclose(found.flood_duration, 1.5, atol=0.02)
    np.testing.assert_allclose(found.hazard_rating, 0.1 * 0.5 + 0.5, atol=0.01)


def test_a_dry_cell_never_arrives() -> None:
    found = run(plane(FLAT, 0.0), falling=rain(1.0), threshold=0.05, **CLOSED)
    assert np.isnan(found.arrival_time.to_numpy()).all()
    assert (found.hazard_rating.to_numpy() == 0.0).all()


def test_cancel_stops_the_run_and_progress_rises() -> None:
    shares: list[float] = []

    def tick(share: float) -> None:
        shares.append(share)
        if len(shares) == 3:
            raise Cancelled("run.cancelled")

    with pytest.raises(Cancelled):
        run(plane((40, 40), 0.0), falling=series([30.0] * 60, 60.0), tick=tick, **CLOSED)
    assert shares == sorted(shares)
    assert shares[-1] < 1.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flood.level_missing", {"west": "level"}),
        ("flood.inflow_half", {"inflows": line((0, 0), (0, 9))}),
        ("flood.soil_half", {"suction_head": plane(FLAT, 100.0)}),
        ("flood.value_missing", {"manning": np.where(np.eye(6, 7) > 0, np.nan, 0.03)}),
        ("flood.no_ground", {"building_fraction": plane(FLAT, 1.0)}),
        ("flood.series_step", {"falling": series([1.0, 2.0, 3.0], 60.0).rename(index={2 / 60: 3 / 60})}),
        ("flood.series_value", {"falling": series([1.0, np.nan], 60.0)}),
        ("flood.series_single", {"falling": series([1.0], 60.0)}),
    ],
)
def test_refuses(text: str, words: dict[str, Any]) -> None:
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), **words)
    assert told.value.text == text


def test_refuses_an_inflow_outside_and_wrong_shares() -> None:
    away = gpd.GeoDataFrame(geometry=gpd.GeoSeries([Point(1e4, 1e4)], index=["a"]))
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), inflows=away, inflow_discharge=series([1.0, 1.0], 60.0))
    assert told.value.text == "flood.inflow_outside"
    near = gpd.GeoDataFrame({"inflow_share": [0.4]}, geometry=gpd.GeoSeries([Point(9, 9)], index=["a"]), index=["a"])
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), inflows=near, inflow_discharge=series([1.0, 1.0], 60.0))
    assert told.value.text == "flood.inflow_shares"


def test_refuses_a_grid_in_degrees() -> None:
    grid = GeoBox.from_bbox((120, 30, 120.07, 30.06), crs="EPSG:4326", resolution=0.01)
    bed = raster(np.zeros(grid.shape))
    with pytest.raises(InputError) as told:
        flood(
            surface=Surface(bed, bed + 0.03),
            forcing=EventForcing(rain(1.0)),
            coefficients=Coefficients(DEBRIS, STRUCTURES, INLET),
            grid=grid,
            p=FloodParams(),
        )
    assert told.value.text == "flood.grid_not_metric"


def test_figure(figure: Callable[[str], Path]) -> None:
    ground, built = town(90, 120)
    found = run(ground, falling=rain(80.0), building_fraction=built, duration=5400)
    shown = (
        (found.max_depth, "Greatest depth [m]", "Blues"),
        (found.max_speed, "Greatest speed [m/s]", "viridis"),
        (found.hazard_rating, "Hazard rating", "YlOrRd"),
    )
    picture, axes = plt.subplots(1, 3, figsize=(13, 3.6), layout="constrained")
    for axis, (layer, title, colours) in zip(axes, shown, strict=True):
        axis.set_facecolor("0.6")
        drawn = axis.imshow(layer.to_numpy(), cmap=colours, extent=(0, 600, 0, 450))
        axis.set(title=title, xlabel="x [m]", ylabel="y [m]")
        picture.colorbar(drawn, ax=axis, shrink=0.8)
    picture.savefig(figure("resilience.flood"), dpi=110)
    plt.close(picture)
    hollow = found.max_depth.to_numpy()[40:50, 48:72]
    assert np.nanmax(hollow) > 3 * np.nanmedian(found.max_depth.to_numpy())
    assert abs(found.mass_error) < 1e-6
