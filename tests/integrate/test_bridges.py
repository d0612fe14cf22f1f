"""Bridges: what a table says, said on the grid or on another table, sums kept."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from citybraid.integrate.bridges.building_fraction import building_fraction
from citybraid.integrate.bridges.building_residents import building_residents
from citybraid.integrate.bridges.floor_area import floor_area
from citybraid.integrate.bridges.footprints import spread
from citybraid.integrate.bridges.green_roof_cover import green_roof_cover
from citybraid.integrate.bridges.waste_heat import waste_heat
from tests.integrate.plan import BUILDINGS, CELL, GRID, UNITS, box, run


def test_floor_area_is_footprint_times_storeys() -> None:
    found = run(floor_area).floor_area
    assert found["slab"] == pytest.approx(30 * 12 * 6)
    buildings = BUILDINGS[["geometry", "floors"]].copy()
    buildings.loc["slab", "floors"] = np.nan
    assert np.isnan(run(floor_area, buildings=buildings).floor_area["slab"])


def test_building_fraction_of_an_aligned_box_is_known() -> None:
    found = run(building_fraction).building_fraction
    assert found.sel(x=22.5, y=12.5) == pytest.approx(1.0)
    assert found.sel(x=22.5, y=17.5) == pytest.approx(0.4)
    assert found.sel(x=92.5, y=92.5) == 0.0
    assert float(found.sum()) * CELL == pytest.approx(BUILDINGS.area.sum())


def test_building_fraction_is_exact_for_odd_shapes() -> None:
    """Against cell-by-cell intersection: holes, slanted edges, parts, and outlines beyond the grid."""
    ring = shapely.Polygon([(10, 10), (60, 20), (50, 70), (5, 55)], [[(20, 25), (40, 28), (35, 50)]])
    pair = shapely.MultiPolygon([box(-20, 80.3, 7.1, 140), box(71.7, 33.3, 93.9, 44.4)])
    shapes = gpd.GeoSeries([ring, pair], crs=BUILDINGS.crs)
    found = spread(shapes, np.ones(2), grid=GRID)
    cells = shapely.box(
        *np.meshgrid(np.arange(0, 100, 5), np.arange(95, -1, -5)),
        *np.meshgrid(np.arange(5, 101, 5), np.arange(100, 0, -5)),
    )
    expected = sum(shapely.area(shapely.intersection(cells, shape)) for shape in shapes) / CELL
    assert np.abs(found - expected).max() < 1e-12


def test_overlap_is_cut_at_one() -> None:
    twice = gpd.GeoDataFrame(geometry=[box(10, 10, 20, 20)] * 2, index=["a", "b"], crs=BUILDINGS.crs)
    assert run(building_fraction, buildings=twice).building_fraction.max() == 1.0


def test_green_roof_cover_scales_with_the_share() -> None:
    green = BUILDINGS[["geometry"]].assign(green_roof=[0.5, 0.0, 1.0, np.nan, 0.0])
    found = run(green_roof_cover, buildings=green).green_roof_cover
    assert float(found.sum()) * CELL == pytest.approx(0.5 * 360 + 100)


def test_waste_heat_is_conserved() -> None:
    heat = BUILDINGS[["geometry"]].assign(heat_rejected=[9000.0, 100.0, 0.0, 5e5, np.nan])
    found = run(waste_heat, buildings=heat).waste_heat
    assert float(found.sum()) * CELL == pytest.approx(509_100.0)
    assert found.sel(x=22.5, y=12.5) == pytest.approx(9000 / 360)


def test_residents_follow_residential_floor_area() -> None:
    found = run(building_residents)
    assert found.residents.to_dict() == pytest.approx(
        {"slab": 300 * 2160 / 2460, "villa": 300 * 300 / 2460, "shop": 0.0, "tower": 0.0, "hall": 0.0}
    )
    assert found.unplaced_population.to_dict() == {"west": 0.0, "east": 40.0}
    assert abs(found.residents_error) < 1e-12


def test_unknown_population_leaves_homes_without_value() -> None:
    units = UNITS.copy()
    units.loc["west", "population"] = np.nan
    found = run(building_residents, units=units)
    assert np.isnan(found.residents["slab"])
    assert found.residents["shop"] == 0.0
    assert np.isnan(found.unplaced_population["west"])


def test_buildings_outside_every_unit_get_nobody() -> None:
    found = run(building_residents, units=UNITS.loc[["east"]])
    assert found.residents.sum() == 0.0
    assert found.unplaced_population.to_dict() == {"east": 40.0}
