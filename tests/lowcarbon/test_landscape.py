from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.building_energy import BuildingEnergy
from citybraid.lowcarbon.horizon import BANDS, roof_skylines, roof_view, surroundings
from citybraid.lowcarbon.landscape import Landscape, ground_level
from citybraid.lowcarbon.pv_generation import PvGenerationParams, pv_generation
from tests.energy_year import energy, energy_year, row_of_buildings
from tests.lowcarbon.test_horizon import HOME, MIDDLE, NORTH, SOUTH, plan
from tests.overheating_case import homes, overheated

Array = NDArray[np.float64]
CROWN = {"height": 10.0, "base_share": 0.25, "transmissivity": 0.03}
SOUTHWARD = np.cos(np.radians(MIDDLE - 180)) > 0.5
LEVELS = 18.0 * (np.arange(BANDS) + 0.5) / BANDS


def grid_around(reach: float, cell: float) -> tuple[GeoBox, Array, Array]:
    """Return a grid of square cells about the origin, and the middles of its cells to the east and north [m]."""
    count = int(2 * reach / cell)
    grid = GeoBox((count, count), Affine(cell, 0, -reach, 0, -cell, reach), "EPSG:32651")
    middle = (np.arange(count) + 0.5) * cell - reach
    return grid, *np.meshgrid(middle, middle[::-1])


def raster(values: Array) -> xr.DataArray:
    return xr.DataArray(values.astype(float), dims=("y", "x"))


def ridge(height: float, *, from_south: float = -1e9, to_south: float = -500.0, cell: float = 10.0) -> Landscape:
    """Return level ground with a ridge from east to west."""
    grid, _, north = grid_around(1500.0, cell)
    return Landscape(terrain=raster(np.where((north < to_south) & (north > from_south), height, 0.0)), grid=grid)


def tree_row(cover: float, *, south: tuple[float, float] = (-26.0, -14.0), **changes: Any) -> Landscape:
    """Return a row of trees before the facade to the south, which stands at -5 m."""
    grid, _, north = grid_around(300.0, 2.0)
    there = np.where((north > south[0]) & (north < south[1]), cover, 0.0)
    return Landscape(canopy_cover=raster(there), tree_crown=CROWN, grid=grid)._replace(**changes)


def test_a_plateau_stands_as_high_as_trigonometry_says() -> None:
    """100 m high, 500 m to the south; at azimuth a it begins 500 / cos(a - 180 degrees) away."""
    found = surroundings(plan(HOME), ridge(100.0))
    for band, level in enumerate(LEVELS):
        steep = (100 - level) * np.cos(np.radians(MIDDLE[SOUTHWARD] - 180)) / 500
        assert np.tan(found.horizon[0, SOUTH, SOUTHWARD, band]) == pytest.approx(steep, rel=0.03)
    assert found.horizon[0, NORTH, :9].max() == 0
    roof = roof_skylines(plan(HOME), ridge(100.0)).horizon[0]
    steep = (100 - 18) * np.cos(np.radians(MIDDLE[SOUTHWARD] - 180)) / 500
    assert np.tan(roof[SOUTHWARD]) == pytest.approx(steep, rel=0.03)


def test_buildings_stand_on_their_ground() -> None:
    """Of a slab of 30 m on ground 12 m lower, 18 m rise above the ground of the home, which has them 25 m before it."""
    slab = (box(-500, -50, 500, -30), 30.0)
    grid, _, north = grid_around(1500.0, 10.0)
    fall = Landscape(terrain=raster(np.where(north < -20.0, -12.0, 0.0)), grid=grid)
    found, level = surroundings(plan(HOME, slab), fall), surroundings(plan(HOME, (slab[0], 18.0)))
    assert found.horizon[0] == pytest.approx(level.horizon[0], abs=1e-5)
    assert ground_level(plan(HOME, slab), fall).tolist() == [0.0, -12.0]


def test_a_neighbour_that_is_low_and_on_a_hill_counts() -> None:
    """A hut of 3 m, 60 m away, is out of reach on level ground, and on a rise of 40 m it is the horizon."""
    hut = (box(-30, -75, 30, -65), 3.0)
    grid, _, north = grid_around(1500.0, 10.0)
    hill = Landscape(terrain=raster(np.where((north < -60.0) & (north > -80.0), 40.0, 0.0)), grid=grid)
    assert surroundings(plan(HOME, hut)).horizon[0].max() == 0
    bare, both = surroundings(plan(HOME), hill), surroundings(plan(HOME, hut), hill)
    ahead = 18
    assert np.tan(both.horizon[0, SOUTH, ahead, 0]) == pytest.approx((43 - LEVELS[0]) / 60, rel=0.03)
    assert np.tan(bare.horizon[0, SOUTH, ahead, 0]) == pytest.approx((40 - LEVELS[0]) / 65, rel=0.1)


def test_level_ground_at_any_height_is_no_terrain() -> None:
    grid, east, _ = grid_around(300.0, 10.0)
    buildings = plan(HOME, (box(-30, -40, 20, -25), 25.0))
    high = surroundings(buildings, Landscape(terrain=raster(np.full_like(east, 512.0)), grid=grid))
    assert (high.horizon == surroundings(buildings).horizon).all()
    assert (high.sky_view == surroundings(buildings).sky_view).all()


def test_a_millimetre_of_relief_changes_nothing_to_speak_of() -> None:
    """Neighbours near and far, seen along and across: the same ones count as on level ground."""
    grid, east, north = grid_around(300.0, 10.0)
    at = [(x, y) for x in range(-200, 200, 40) for y in range(-200, 200, 40)]
    buildings = plan(*((box(x, y, x + 20, y + 15), 6.0 + (x * 7 + y * 3) % 50) for x, y in at))
    uneven = Landscape(terrain=raster(5.0 + 0.001 * np.sin(east / 30) * np.sin(north / 30)), grid=grid)
    level, found = surroundings(buildings), surroundings(buildings, uneven)
    assert found.horizon == pytest.approx(level.horizon, abs=1e-3)
    assert found.sky_view == pytest.approx(level.sky_view, abs=1e-3)


def test_ground_that_is_not_known_hides_nothing_and_the_nearest_known_counts() -> None:
    given = ridge(100.0)
    assert given.terrain is not None
    holes = given.terrain.to_numpy().copy()
    holes[140:160, 140:160] = np.nan
    found = surroundings(plan(HOME), given._replace(terrain=raster(holes)))
    assert found.horizon == pytest.approx(surroundings(plan(HOME), given).horizon, abs=1e-6)
    away = plan((box(-10, 4990, 10, 5000), 18.0))
    assert ground_level(away, given).tolist() == [0.0]
    assert np.isfinite(surroundings(away, given).horizon).all()
    nowhere = given._replace(terrain=raster(np.full_like(holes, np.nan)))
    assert surroundings(plan(HOME), nowhere).horizon.max() == 0


def test_crowns_stand_as_high_as_trigonometry_says_and_hold_back_their_share() -> None:
    """Trees of 10 m whose first cells lie 9 to 11 m before the facade, which rays reach 11 m away."""
    found = surroundings(plan(HOME), tree_row(0.6))
    for band, level in enumerate(LEVELS):
        ahead = found.crowns.height[0, SOUTH, 17:19, band]
        assert np.tan(ahead) == pytest.approx(max(10 - level, 0.0) / 11, rel=1e-5)
        assert found.crowns.hides[0, SOUTH, 17:19, band] == pytest.approx(0.6 * 0.97 * (level < 10), rel=1e-5)
    assert found.crowns.height[0, NORTH].max() == 0
    assert (found.horizon == 0).all(), "crowns let light through and are no horizon"


def test_the_sky_behind_crowns_is_that_behind_walls_of_their_share() -> None:
    """Opaque crowns hide as much of the sky as a slab as high and 9 to 11 m away; thin ones their share of it."""
    near, far = (1 - surroundings(plan(HOME, slab)).sky_view[0, SOUTH] for slab in (
        (box(-300, -26, 300, -14), 10.0), (box(-300, -26, 300, -16), 10.0)
    ))  # fmt: skip
    solid, thin = (
        1 - surroundings(plan(HOME), tree_row(cover, tree_crown=CROWN | {"transmissivity": 0.0})).sky_view[0, SOUTH]
        for cover in (1.0, 0.5)
    )
    assert far < solid < near
    assert thin == pytest.approx(0.5 * solid, rel=1e-5)


def test_crowns_behind_a_wall_hide_nothing_more() -> None:
    slab = (box(-300, -14, 300, -10), 30.0)
    bare, both = surroundings(plan(HOME, slab)), surroundings(plan(HOME, slab), tree_row(0.9))
    assert both.sky_view[0] == pytest.approx(bare.sky_view[0], abs=1e-7)


def test_the_thicker_of_two_rows_counts_where_both_are_met() -> None:
    """Behind a hedge of 5 m and share 0.9, 11 m away, trees of 20 m and share 0.3, 31 m away; seen from 3 m."""
    grid, _, north = grid_around(300.0, 2.0)
    hedge, trees = north == -15.0, north == -35.0
    given = Landscape(
        canopy_cover=raster(0.9 * hedge + 0.3 * trees), canopy_height=raster(5.0 * hedge + 20.0 * trees),
        tree_crown=CROWN | {"transmissivity": 0.0}, grid=grid,
    )  # fmt: skip
    found = surroundings(plan(HOME), given).crowns
    low, high = np.arctan(2 / 11), np.arctan(17 / 31)
    assert found.height[0, SOUTH, 17, 0] == pytest.approx(high, rel=1e-5)
    assert found.hides[0, SOUTH, 17, 0] == pytest.approx(
        (0.9 * low + 0.3 * (high - low)) / high, abs=0.6 * np.radians(5) / high
    ), "heights are told apart in steps of 5 degrees"


def test_trees_stand_on_the_terrain() -> None:
    _, east, _ = grid_around(300.0, 2.0)
    raised = tree_row(0.6, terrain=raster(np.full_like(east, 80.0)))
    assert surroundings(plan(HOME), raised).crowns.height == pytest.approx(
        surroundings(plan(HOME), tree_row(0.6)).crowns.height, abs=1e-6
    )


def test_trees_without_their_factor_are_refused() -> None:
    with pytest.raises(InputError, match="tree_crown"):
        surroundings(plan(HOME), tree_row(0.6, tree_crown=None))
    with pytest.raises(InputError, match="grid"):
        surroundings(plan(HOME), tree_row(0.6, grid=None))


def roofs(*heights: float) -> gpd.GeoDataFrame:
    shapes = [box(-20, 0, 20, 14), *(box(-700, -60, 700, -40) for _ in heights[1:])]
    frame = row_of_buildings(("office",) * len(heights)).set_geometry(shapes[: len(heights)])
    return frame.assign(pv_roof=0.5, height=list(heights))


def generated(buildings: gpd.GeoDataFrame, landscape: Landscape = Landscape()) -> float:  # noqa: B008  (frozen)
    year = energy_year()
    year.pop("relative_humidity")
    given = {name: value for name, value in landscape._asdict().items() if value is not None}
    found = pv_generation.of({
        "buildings": buildings, "wind_speed": pd.Series(np.full(8760, 3.0)), "p": PvGenerationParams(tilt=30.0),
        "power_density": resolve("pv_power_density"), "loss": resolve("pv_loss"),
        "physics": resolve("building_physics"), **year, **given,
    })  # fmt: skip
    return float(found.pv_generation["b0"])


def test_a_ridge_takes_what_a_slab_of_its_shape_takes() -> None:
    """The same 60 m wall, once as a building and once in the terrain, in cells of 2 m."""
    alone, slab = generated(roofs(10.0)), generated(roofs(10.0, 60.0))
    hill = generated(roofs(10.0), ridge(60.0, from_south=-60.0, to_south=-40.0, cell=2.0))
    assert slab < 0.75 * alone
    assert hill == pytest.approx(slab, rel=0.02)


def test_trees_take_light_from_a_low_roof_and_not_from_a_high_one() -> None:
    near = tree_row(0.8, south=(-12.0, -2.0))
    assert generated(roofs(4.0), near) < 0.97 * generated(roofs(4.0))
    assert generated(roofs(12.0), near) == generated(roofs(12.0))
    half = tree_row(0.4, south=(-12.0, -2.0))
    losses = [generated(roofs(4.0)) - generated(roofs(4.0), each) for each in (half, near)]
    assert losses[0] == pytest.approx(0.5 * losses[1], rel=0.05)
    skylines = roof_skylines(roofs(4.0), near)
    assert roof_view(skylines)[0] < 1.0


def with_landscape(buildings: gpd.GeoDataFrame, landscape: Landscape) -> BuildingEnergy:
    return energy(buildings, **{name: value for name, value in landscape._asdict().items() if value is not None})


def test_a_hill_changes_heat_and_cold_as_a_slab_of_its_shape_does() -> None:
    office = row_of_buildings(("office",), floors=3.0)
    slab = row_of_buildings(("office",) * 2, floors=3.0).set_geometry(
        [office.geometry.iloc[0], box(-700, -60, 700, -40)]
    )
    sunny, by_slab = energy(office), energy(slab.assign(height=[9.6, 60.0]))
    by_hill = with_landscape(office, ridge(60.0, from_south=-60.0, to_south=-40.0, cell=2.0))
    for name in ("cooling_demand", "heating_demand"):
        change, same = (getattr(each, name)["b0"] / getattr(sunny, name)["b0"] - 1 for each in (by_hill, by_slab))
        assert change == pytest.approx(same, rel=0.05), name
        assert abs(change) > 0.01, name
    assert abs(by_hill.energy_error) < 1e-9


def test_shade_of_trees_saves_cold_and_costs_heat_as_far_as_they_are_thick() -> None:
    office = row_of_buildings(("office",), floors=3.0)
    sunny = energy(office)
    thin, thick = (with_landscape(office, tree_row(cover, south=(-30.0, -4.0))) for cover in (0.45, 0.9))
    saved = [1 - each.cooling_demand["b0"] / sunny.cooling_demand["b0"] for each in (thin, thick)]
    costs = [each.heating_demand["b0"] / sunny.heating_demand["b0"] - 1 for each in (thin, thick)]
    assert saved[0] == pytest.approx(0.5 * saved[1], rel=0.1)
    assert saved[1] > 0.01
    assert costs[1] > costs[0] > 0.0


def test_trees_make_low_storeys_cooler_and_leave_high_ones() -> None:
    stands = homes()
    there = tree_row(0.9, south=(-30.0, -2.0))._asdict()
    given = {name: value for name, value in there.items() if value is not None}
    open_, shaded = overheated(stands).uncooled, overheated(stands, **given).uncooled
    assert shaded.hours_above_28["b0"] < open_.hours_above_28["b0"]
    assert shaded.top_hours_above_30["b0"] == open_.top_hours_above_30["b0"], "trees end below the sixth storey"
