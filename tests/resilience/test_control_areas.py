"""Flood-risk line, waterlogging points, drainage zones: counted by hand, what is refused, what is drawn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.terrain.flow import (
    NONE,
    contributing_area_dinf,
    ends,
    flow_accumulation,
    route,
    subcatchment_outlets,
)
from citybraid.resilience.areas.flood_risk_line import FloodRiskLine, FloodRiskLineParams, flood_risk_line
from citybraid.resilience.areas.waterlogging import Waterlogging, WaterloggingParams, waterlogging
from citybraid.resilience.drains.drainage_zones import DrainageZonesParams, DrainageZonesResult, drainage_zones
from tests.resilience.flooded_plain import CELL, GRID, LEFT, PERIODS, SHAPE, TOP, plain, raster

PLAIN = plain()
LIMITS = {"depth": 0.15, "duration": 0.5, "area": 1000.0}


def line(*, with_plan: bool = True, **words: Any) -> FloodRiskLine:
    return flood_risk_line(
        depths=PLAIN.depths,
        return_periods=PERIODS,
        limit=resolve("flood_risk_line"),
        grid=GRID,
        p=FloodRiskLineParams(**words),
        land_cover=PLAIN.land_cover,
        study_area=PLAIN.study_area if with_plan else None,
    )


def points(limit: dict[str, float] | None = None, *, water_body: Any = None, **words: Any) -> Waterlogging:
    return waterlogging(
        depths=PLAIN.depths,
        durations=PLAIN.durations,
        return_periods=PERIODS,
        limit=limit or LIMITS,
        grid=GRID,
        p=WaterloggingParams(**words),
        land_cover=PLAIN.land_cover,
        water_body=water_body,
        study_area=PLAIN.study_area,
    )


def zones(ground: Any = PLAIN.terrain, cover: Any = PLAIN.land_cover, grid: GeoBox = GRID, **words: Any) -> Any:
    more = {name: words.pop(name) for name in ("drain_nodes", "study_area") if name in words}
    return drainage_zones(terrain=ground, land_cover=cover, grid=grid, p=DrainageZonesParams(**words), **more)


def test_line_by_hand() -> None:
    # hollow of 80 cells, its island of 4 filled, with 54 × 2 of canal in the plan; two pools; one cell is too small
    found = line(least_island=500.0)
    assert found.flood_risk_area.tolist() == [18_800.0, 2_400.0, 1_600.0]
    np.testing.assert_allclose(found.flood_risk_depth, [0.6, 0.3, 0.2])
    assert found.flood_risk_total == 22_800.0
    assert line().flood_risk_area.iloc[0] == 18_400.0
    np.testing.assert_allclose(found.flood_risk_areas.area, found.flood_risk_area)
    assert found.flood_risk_areas.is_valid.all()


def test_line_of_a_period_takes_what_is_as_frequent_or_more() -> None:
    assert len(line(return_period=5.0).flood_risk_areas) == 1  # the shallow pools stay below 0.15 m
    assert line(return_period=5.0).flood_risk_depth.iloc[0] == pytest.approx(0.24)
    assert line(return_period=20.0).flood_risk_depth.iloc[0] == pytest.approx(0.42)


def test_points_by_hand() -> None:
    found = points()
    assert found.waterlogging_area.tolist() == [7_600.0, 2_400.0]
    assert found.waterlogging_count == 2.0
    assert found.waterlogging_total == 10_000.0
    assert found.waterlogging_duration.tolist() == [2.0, 2.0]
    assert points({**LIMITS, "duration": 0.2}).waterlogging_count == 3.0
    assert points({**LIMITS, "area": 5000.0}).waterlogging_count == 1.0
    assert points(return_period=5.0).waterlogging_area.tolist() == [7_600.0]


def test_a_channel_under_a_street_is_no_waterlogging_point() -> None:
    whole = points()
    largest = whole.waterlogging_points.iloc[0]
    under = rasterize([(largest, 3)], out_shape=GRID.shape, transform=GRID.affine, dtype="uint8")
    found = points(water_body=raster(under))
    assert found.waterlogging_area.tolist() == [2_400.0]


def test_a_place_that_stays_dry_has_no_points() -> None:
    found = points({**LIMITS, "depth": 9.0})
    assert (len(found.waterlogging_points), found.waterlogging_count, found.waterlogging_total) == (0, 0.0, 0.0)
    assert found.waterlogging_points.crs is not None


@pytest.mark.parametrize("draw", [line, points])
def test_a_period_that_no_event_has_is_refused(draw: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="100 years"):
        draw(return_period=100.0)


def test_events_without_a_return_period_are_refused() -> None:
    with pytest.raises(InputError, match="return period"):
        flood_risk_line(
            depths={"user": PLAIN.depths["p50"]},
            return_periods={"other": 50.0},
            limit=LIMITS,
            grid=GRID,
            p=FloodRiskLineParams(),
        )


def test_two_banks_are_two_zones() -> None:
    found: DrainageZonesResult = zones()
    assert found.drainage_zone_area.tolist() == [240_000.0, 228_000.0]
    assert found.drainage_zone_outlet.tolist() == ["water", "water"]
    assert found.drainage_zone_slope.tolist() == pytest.approx([0.0021, 0.0021], abs=3e-4)
    np.testing.assert_allclose(found.drainage_zones.area, found.drainage_zone_area)


def test_zones_end_at_outfalls_and_are_cut_where_much_has_gathered() -> None:
    spot = gpd.points_from_xy([LEFT + 205.0, LEFT + 605.0], [TOP - 305.0, TOP - 305.0], crs="EPSG:4549")
    nodes = gpd.GeoDataFrame({"node_kind": ["OUTFALL", "junction"]}, geometry=spot, index=["o1", "j1"])
    hollow = PLAIN.terrain.to_numpy().copy()
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    hollow = 10.0 + 0.01 * np.hypot(row - 30, column - 20)
    found = zones(raster(hollow), None, drain_nodes=nodes, least_area=0.0)
    assert found.drainage_zone_outlet.iloc[0] == "o1"
    cut = zones(raster(10.0 + 0.01 * column + 1e-4 * (row - 30.0) ** 2), None, most_area=50_000.0)
    assert "downstream" in set(cut.drainage_zone_outlet)
    assert (cut.drainage_zone_area >= 40_000.0).all()
    assert cut.drainage_zone_area.sum() == SHAPE[0] * SHAPE[1] * CELL**2


def test_zones_need_ground_in_metres() -> None:
    with pytest.raises(InputError, match="no cell has ground"):
        zones(raster(np.full(SHAPE, np.nan)))
    degrees = GeoBox(SHAPE, GRID.affine, "EPSG:4326")
    with pytest.raises(InputError, match="EPSG:4326"):
        zones(grid=degrees)


def test_a_hollow_fills_to_its_spill_and_drains_out() -> None:
    ground = np.array([[5.0, 5, 5, 5, 5], [5, 2, 1, 4, 3], [5, 5, 5, 5, 5]])
    inside, nothing = np.ones((3, 5), np.uint8), np.zeros((3, 5), np.uint8)
    found = route(ground, inside, nothing, np.array([1.0, 1.0]))
    np.testing.assert_array_equal(found.filled[1], [5, 4, 4, 4, 3])
    assert found.receiver.reshape(3, 5)[1].tolist() == [NONE, 7, 8, 9, NONE]
    total = flow_accumulation(found.receiver, found.order, np.ones(15)).reshape(3, 5)
    assert total[1].tolist() == [1, 1, 2, 3, 4]
    closed = subcatchment_outlets(found.receiver, found.order, np.ones(15), 2.0)
    assert np.flatnonzero(closed).tolist() == [7]
    assert ends(found.receiver, found.order, closed).reshape(3, 5)[1].tolist() == [5, 7, 7, 9, 9]


def test_flow_is_shared_by_its_direction() -> None:
    # A plane falling 1 to the west and 0.5 to the south: an angle of 26.57° of 45°
    ground = np.add.outer(-0.5 * np.arange(9.0), 1.0 * np.arange(9.0))
    inside = np.ones((9, 9), np.uint8)
    routes = route(ground, inside, np.zeros((9, 9), np.uint8), np.array([1.0, 1.0]))
    area, slope = contributing_area_dinf(routes, inside, 1.0)
    assert slope[4, 4] == pytest.approx(np.hypot(1.0, 0.5))
    share = np.arctan(0.5) / (np.pi / 4)
    assert area[4, 4] == pytest.approx(1.0 + (1 - share) * area[4, 5] + share * area[3, 5])


def test_area_on_a_cone_is_even_all_round() -> None:
    # Tarboton (1997), figure 7: outward cone. D-infinity spreads the area evenly, D8 in spokes; the slope is 1
    y, x = np.mgrid[:121, :121] - 60.0
    far = np.hypot(x, y)
    inside = np.ones(far.shape, np.uint8)
    routes = route(200.0 - far, inside, np.zeros_like(inside), np.array([1.0, 1.0]))
    area, slope = contributing_area_dinf(routes, inside, 1.0)
    spokes = flow_accumulation(routes.receiver, routes.order, np.ones(far.size)).reshape(far.shape)
    ring = (far > 20) & (far < 50)
    assert np.std(area[ring] / far[ring]) / np.mean(area[ring] / far[ring]) < 0.08
    assert np.std(spokes[ring] / far[ring]) / np.mean(spokes[ring] / far[ring]) > 0.4
    np.testing.assert_allclose(slope[ring], 1.0, atol=0.02)


def test_figure_of_the_line(figure: Callable[[str], Path]) -> None:
    found = line()
    axes = plt.figure(figsize=(6.4, 4.6), layout="constrained").subplots()
    _ground(axes)
    deep = PLAIN.depths["p50"].to_numpy()
    axes.imshow(np.where(deep > 0, deep, np.nan), extent=_extent(), cmap="Blues", vmin=0.0, vmax=1.2)
    found.flood_risk_areas.boundary.plot(ax=axes, color="#b3261e", lw=1.4)
    PLAIN.study_area.boundary.plot(ax=axes, color="#555555", lw=0.8, ls="--")
    axes.set(title=f"Flood-risk control line: {found.flood_risk_total / 1e4:.2f} ha within the plan (dashed)")
    _saved(figure(flood_risk_line.id))


def test_figure_of_the_points(figure: Callable[[str], Path]) -> None:
    found = points()
    axes = plt.figure(figsize=(6.4, 4.6), layout="constrained").subplots()
    _ground(axes)
    hours = np.where(PLAIN.depths["p50"].to_numpy() >= 0.15, PLAIN.durations["p50"].to_numpy(), np.nan)
    image = axes.imshow(hours, extent=_extent(), cmap="YlGnBu", vmin=0.0, vmax=2.5)
    axes.figure.colorbar(image, ax=axes, shrink=0.7, label="time under water [h]")
    found.waterlogging_points.boundary.plot(ax=axes, color="#b3261e", lw=1.4)
    for name, shape in found.waterlogging_points.items():
        axes.annotate(str(name), (shape.centroid.x, shape.bounds[3] + 12.0), ha="center", fontsize=8, color="#b3261e")
    axes.set(title="Two places count, the canal does not")
    _saved(figure(waterlogging.id))


def test_figure_of_the_zones(figure: Callable[[str], Path]) -> None:
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    ground = 3.0 + 0.02 * np.abs(column - 40) + 0.3 * np.sin(row / 7.0) * np.sin(column / 9.0)
    found = zones(raster(ground), least_area=15_000.0, most_area=90_000.0)
    axes = plt.figure(figsize=(6.4, 4.6), layout="constrained").subplots()
    _ground(axes)
    axes.contour(*_centres(), ground, levels=10, colors="#999999", linewidths=0.5)
    shapes = found.drainage_zones
    numbered = gpd.GeoDataFrame({"at": np.arange(len(shapes)) % 8}, geometry=shapes.to_numpy(), crs=shapes.crs)
    numbered.plot(ax=axes, column="at", cmap="Set2", alpha=0.6, edgecolor="#333333", lw=0.8)
    axes.set(title=f"{len(numbered)} zones drain to the canal (blue) or over the edge")
    _saved(figure(drainage_zones.id))


def _extent() -> tuple[float, float, float, float]:
    return (LEFT, LEFT + SHAPE[1] * CELL, TOP - SHAPE[0] * CELL, TOP)


def _centres() -> tuple[np.ndarray, np.ndarray]:
    return LEFT + CELL * (np.arange(SHAPE[1]) + 0.5), TOP - CELL * (np.arange(SHAPE[0]) + 0.5)


def _ground(axes: Any) -> None:
    canal = np.where(PLAIN.land_cover.to_numpy() == 80, 1.0, np.nan)
    axes.imshow(canal, extent=_extent(), cmap="Blues", vmin=0.0, vmax=2.0)
    axes.set(xticks=[], yticks=[], aspect="equal")


def _saved(path: Path) -> None:
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 8_000


def test_columns_stand_on_the_shapes() -> None:
    for found in (line(), points(), zones()):
        shapes, *rest = found
        assert all(each.index.equals(shapes.index) for each in rest if isinstance(each, pd.Series))
