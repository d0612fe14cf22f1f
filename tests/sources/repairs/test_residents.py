"""People from buildings, parcels, grids and units: totals kept, homes weighed, misfits told."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin
from shapely.geometry import box

from citybraid.integrate.bridges.building_residents import BuildingResidents, building_residents
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import POPULATION_GRID, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.filling import residents

CRS = "EPSG:4549"
RULES = Rules(Target(CRS, 10.0), region="CN-ZJ-JX", year=2025, draws=2)
PEOPLE = 40.0


def made(**columns: list[float]) -> Layers:
    """Four buildings in two units: two homes in the west, a home and an office in the east."""
    known = vocabulary()
    names = pd.Index(["a", "b", "c", "d"], dtype=object, name="id")
    places = gpd.GeoSeries([box(x, 10, x + 10, 20) for x in (10, 60, 110, 160)], index=names, crs=CRS)
    units = gpd.GeoSeries([box(0, 0, 100, 100), box(100, 0, 200, 100)], index=["west", "east"], crs=CRS)
    uses = pd.Series(["residential"] * 3 + ["office"], index=names, dtype=object)
    floors = pd.Series([1.0, 3.0, 2.0, 5.0], index=names)
    layers = Layers({}).put(SourceLayer(known["buildings"], places), SourceLayer(known["units"], units))
    layers = layers.put(SourceLayer(known["building_use"], uses), SourceLayer(known["floors"], floors))
    for name, values in columns.items():
        index = units.index if name == "population" else names
        layers = layers.put(SourceLayer(known[name], pd.Series(values, index=index)))
    return layers


def with_parcels(layers: Layers, **columns: list[float]) -> Layers:
    known = vocabulary()
    shapes = gpd.GeoSeries([box(x, 0, x + 50, 50) for x in (0, 50, 100)], index=["p", "q", "r"], crs=CRS)
    values = {name: pd.Series(value, index=shapes.index) for name, value in columns.items()}
    return layers.put(
        SourceLayer(known["parcels"], shapes), *(SourceLayer(known[name], each) for name, each in values.items())
    )


def gridded(layers: Layers, cells: list[list[float]]) -> Layers:
    """With a grid of cells of 50 m from the corner (0, 100)."""
    counts = np.array(cells)
    rows, columns = counts.shape
    grid = GeoBox.from_bbox((0, 100 - 50 * rows, 50 * columns, 100), crs=CRS, shape=(rows, columns), tight=True)
    return layers.put(SourceLayer(POPULATION_GRID, xr.DataArray(counts, dims=("y", "x")), grid=grid))


def bridged(done: RepairResult) -> BuildingResidents:
    buildings, units = done.layers.table("buildings"), done.layers.table("units")
    assert buildings is not None
    assert units is not None
    buildings["floor_area"] = buildings["floors"] * buildings.geometry.area
    return building_residents(buildings=buildings, units=units)


def texts(done: RepairResult) -> set[str]:
    return {finding.text for finding in done.findings}


def test_units_alone_spread_by_floor_area_and_leave_no_weight() -> None:
    done = residents.repair(made(population=[PEOPLE, 10.0]), RULES)
    assert done.layers.get("living_weight", on="buildings") is None
    assert list(bridged(done).residents) == [10.0, 30.0, 10.0, 0.0]


def test_a_grid_says_where_in_a_unit_people_live() -> None:
    done = residents.repair(gridded(made(population=[PEOPLE, 10.0]), [[0, 0, 0, 0], [30, 10, 5, 0]]), RULES)
    assert list(bridged(done).residents) == pytest.approx([30.0, 10.0, 10.0, 0.0])
    assert bridged(done).residents_error == pytest.approx(0.0, abs=1e-12)


def test_a_grid_fills_the_population_of_units_and_loses_nobody() -> None:
    done = residents.repair(gridded(made(), [[1, 2, 3, 4], [30, 10, 5, 7]]), RULES)
    people = done.layers.get("population", on="units")
    assert people is not None
    assert list(people.value) == [43.0, 19.0]
    assert people.completeness == 0.0
    assert list(bridged(done).residents) == pytest.approx([43.0 * 0.75, 43.0 * 0.25, 19.0, 0.0])
    told = {finding.text: finding for finding in done.findings}
    assert told["intake.population_summed"].values["lost"] == 0.0
    assert told["intake.people_without_homes"].count == 5
    assert told["intake.people_without_homes"].values["people"] == 17.0


def test_a_unit_without_a_population_takes_people_per_floor_area_of_the_others() -> None:
    """100 and 300 m2 of homes hold 40 people, so 200 m2 of the other unit hold 20."""
    done = residents.repair(made(population=[PEOPLE, np.nan]), RULES)
    people = done.layers.get("population", on="units")
    assert people is not None
    assert list(people.value) == [40.0, 20.0]
    assert people.spread is not None
    assert list(people.spread.value) == [20.0]
    told = next(finding for finding in done.findings if finding.text == "intake.population_like_units")
    assert (told.count, told.values["people"], told.values["given"]) == (1, 20.0, 1)
    assert list(bridged(done).residents) == pytest.approx([10.0, 30.0, 20.0, 0.0])


def test_a_unit_without_homes_stays_unknown() -> None:
    layers = made(population=[np.nan, 10.0])
    offices = layers.get("building_use", on="buildings")
    assert offices is not None
    uses = pd.Series(["office", "office", "residential", "office"], index=offices.value.index, dtype=object)
    done = residents.repair(layers.put(replace(offices, value=uses)), RULES)
    people = done.layers.get("population", on="units")
    assert people is not None
    assert np.isnan(people.value["west"])
    assert "intake.population_like_units" not in texts(done)


def test_people_outside_every_unit_are_told() -> None:
    done = residents.repair(gridded(made(), [[0, 0, 0, 0, 9], [30, 10, 5, 0, 0]]), RULES)
    told = next(finding for finding in done.findings if finding.text == "intake.population_summed")
    assert told.values["lost"] == 9.0


def test_parcels_state_residents_or_households() -> None:
    plain = with_parcels(made(population=[PEOPLE, 10.0]), parcel_residents=[30.0, 10.0, np.nan])
    assert list(bridged(residents.repair(plain, RULES)).residents) == pytest.approx([30.0, 10.0, 10.0, 0.0])
    counted = with_parcels(made(), households=[10.0, 20.0, np.nan])
    people = residents.repair(counted, RULES).layers.get("population", on="units")
    assert people is not None
    assert people.value["west"] == pytest.approx(30 * 2.55)


def test_stated_residents_stay_and_leave_the_rest_of_their_unit_to_others() -> None:
    layers = made(population=[PEOPLE, 10.0], residents=[25.0, np.nan, np.nan, np.nan])
    stated = layers.get("residents", on="buildings")
    assert stated is not None
    for number in (0, 1, 2):
        done = residents.repair(
            layers.put(replace(stated, stated=stated.value.notna())), replace(RULES, draw=Draw(number, 3))
        )
        found = done.layers.get("residents", on="buildings")
        assert found is not None
        assert list(found.value) == pytest.approx([25.0, 15.0, 10.0, 0.0])
        assert list(found.stated) == [True, False, False, False]  # type: ignore[arg-type]  # a column's flags


def test_people_without_any_home_are_told() -> None:
    layers = gridded(made(population=[PEOPLE, 10.0]), [[0, 0, 0, 0], [30, 10, 5, 0]])
    offices = layers.get("building_use", on="buildings")
    assert offices is not None
    none = layers.put(replace(offices, value=pd.Series("office", index=offices.value.index, dtype=object)))
    done = residents.repair(none, RULES)
    assert texts(done) == {"intake.people_no_homes"}
    assert bridged(done).unplaced_population.sum() == PEOPLE + 10.0


def test_a_draw_moves_people_between_homes_and_keeps_units() -> None:
    layers = gridded(made(population=[PEOPLE, 10.0]), [[0, 0, 0, 0], [30, 10, 5, 0]])
    seen = [bridged(residents.repair(layers, replace(RULES, draw=Draw(number, 1)))).residents for number in range(1, 7)]
    assert all(float(each["a"] + each["b"]) == pytest.approx(PEOPLE) for each in seen)
    assert all(float(each["c"]) == pytest.approx(10.0) for each in seen)
    assert len({round(float(each["a"]), 6) for each in seen}) > 1


def test_a_grid_of_counts_keeps_its_sum_on_the_way_in(tmp_path: Path) -> None:
    """Counts in degrees become counts on the study's grid; a negative one is refused and told."""
    counts = np.random.default_rng(0).gamma(2.0, 20.0, (20, 20))
    counts[0, 0] = -7.0
    west, north, side = 120.70, 30.75, 1 / 1200
    where = from_origin(west, north, side, side)
    with rasterio.open(
        tmp_path / "pop.tif", "w", driver="GTiff", height=20, width=20, count=1, dtype="float64", crs="EPSG:4326",
        transform=where, nodata=-99999.0,
    ) as file:  # fmt: skip
        file.write(counts, 1)
    area = gpd.GeoSeries([box(west - 3 * side, north - 23 * side, west + 23 * side, north + 3 * side)], crs="EPSG:4326")
    gpd.GeoDataFrame({"id": ["u"]}, geometry=area.to_crs(CRS)).to_file(tmp_path / "units.gpkg")
    homes = gpd.GeoSeries([area.iloc[0].centroid], crs="EPSG:4326").to_crs(CRS).buffer(20)
    gpd.GeoDataFrame({"id": ["h"], "use": ["住宅"], "floors": [6]}, geometry=homes).to_file(tmp_path / "b.gpkg")
    files = {
        "population_grid": FileSpec(path="pop.tif"),
        "units": FileSpec(path="units.gpkg"),
        "buildings": FileSpec(path="b.gpkg", columns={"building_use": "use"}),
    }
    intake = take_in(files, Target(CRS, 10.0, buffer=200.0), root=tmp_path)
    people = next(found for found in intake.layers if found.var.name == "population")
    assert float(people.value.sum()) == pytest.approx(float(counts[counts >= 0].sum()), rel=1e-6)
    told = {finding.text: finding.count for finding in intake.findings}
    assert told["intake.raster_beyond"] == 1
    assert "population_grid" not in {found.var.name for found in intake.layers}
