"""Jakarta: depths of a flood under 22 000 buildings and 18 600 roads, from files with faults of every kind.

The files name no result. Counts are held against the flood's own pixels, read at each building and along each road
without any of our code; damage and people are gaps, for no file tells uses, values or residents.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray

from citybraid.core.factor import resolve
from citybraid.resilience.damage.damage_curves import by_sector
from citybraid.resilience.damage.flood_depth import FloodDepthParams, flood_depth
from citybraid.resilience.rescue.street_depth import street_depth
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.planner import plan
from tests.validation.publishing import Published

pytestmark = pytest.mark.case("data/jakarta")
Floats = NDArray[np.float64]
UTM, CELL = "EPSG:32748", 50.0
DEPTH = "hazard/Flood_Current_Depth_Jakarta_geographic.asc"
FLOODED, CLOSED = 0.15, 0.3

STUDY = """
[study]
name = "jakarta"
title = { zh = "雅加达", en = "Jakarta" }
crs = "EPSG:32748"
region = "ID"
year = 2025
resolution = 100
data = "@"

[files]
max_depth = { path = "hazard/Flood_Current_Depth_Jakarta_geographic.asc" }
buildings = { path = "exposure/jakarta_OSM_building.shp" }
units = { path = "boundaries/kelurahan_jakarta.shp", columns = { unit_name = "KEL_NAME_1" } }
"""


@pytest.fixture(scope="module")
def intake(cases: Path) -> Intake:
    files = {
        "flood": FileSpec(path=DEPTH, role="max_depth"),
        "buildings": FileSpec(path="exposure/jakarta_OSM_building.shp"),
        "streets": FileSpec(path="exposure/jakarta_roads.shp"),
    }
    return take_in(files, Target(UTM, CELL), root=cases / "data/jakarta")


@pytest.fixture(scope="module")
def pixels(cases: Path) -> rasterio.DatasetReader:
    return rasterio.open(cases / "data/jakarta" / DEPTH)


def view(intake: Intake, name: str) -> gpd.GeoDataFrame:
    shapes = next(found.value for found in intake.layers if found.var.name == name)
    return gpd.GeoDataFrame(geometry=shapes, index=shapes.index, crs=UTM)


def pixel_depth(pixels: rasterio.DatasetReader, points: gpd.GeoSeries) -> Floats:
    """Return the file's own depth at points, NaN off the file and where it has none."""
    there = points.to_crs(4326)
    column, row = ~pixels.transform * (there.x.to_numpy(), there.y.to_numpy())
    values = np.where(pixels.read(1) == pixels.nodata, np.nan, pixels.read(1).astype(np.float64))
    inside = (column >= 0) & (row >= 0) & (column < values.shape[1]) & (row < values.shape[0])
    found = np.full(len(points), np.nan)
    found[inside] = values[row[inside].astype(int), column[inside].astype(int)]
    return found


def test_faults_of_the_files_are_told_and_no_sentinel_is_a_depth(
    intake: Intake, pixels: rasterio.DatasetReader
) -> None:
    told = {finding.text: finding.count for finding in intake.findings}
    assert told["intake.dbf_missing"] == 1
    assert told["intake.shape_double"] in {1, 44}
    assert {"intake.shape_untied", "intake.use_missing", "intake.form_missing", "intake.shapes_overlap"} <= set(told)
    flood = next(found for found in intake.layers if found.var.name == "max_depth")
    values = flood.value.to_numpy()
    raw = pixels.read(1)
    assert (raw == pixels.nodata).sum() == 980
    assert np.isnan(values).any()
    assert np.nanmin(values) == 0.0
    assert np.nanmax(values) <= raw.max()
    assert flood.completeness is not None
    assert 0.2 < flood.completeness < 1.0


def test_impossible_depths_are_rejected_and_counted(cases: Path, tmp_path: Path) -> None:
    with rasterio.open(cases / "data/jakarta" / DEPTH) as source:
        values, profile = source.read(1), source.profile | {"driver": "GTiff"}
    values[300:302, 300:305], values[310, 310] = -7.5, 9e6
    with rasterio.open(tmp_path / "depth.tif", "w", **profile) as target:
        target.write(values, 1)
    found = take_in({"flood": FileSpec(path="depth.tif", role="max_depth")}, Target(UTM, CELL), root=tmp_path)
    beyond = next(finding for finding in found.findings if finding.text == "intake.raster_beyond")
    assert (beyond.kind, beyond.count) == ("rejected", 11)
    depth = next(layer.value.to_numpy() for layer in found.layers if layer.var.name == "max_depth")
    assert np.nanmin(depth) == 0.0
    assert np.nanmax(depth) < 16.0


def test_buildings_flooded(intake: Intake, pixels: rasterio.DatasetReader, published: Published) -> None:
    """Ours is the mean of the cells around a house, theirs its one pixel: at edges of the flood they part."""
    buildings = view(intake, "buildings")
    flood = next(found for found in intake.layers if found.var.name == "max_depth")
    assert flood.grid is not None
    depth = flood_depth(
        max_depth=flood.value, buildings=buildings, grid=flood.grid, p=FloodDepthParams()
    ).building_depth
    raw = pixel_depth(pixels, buildings.geometry.representative_point())
    both = np.isfinite(raw) & depth.notna().to_numpy()
    ours, theirs = depth.to_numpy()[both] > FLOODED, raw[both] > FLOODED
    assert both.sum() > 19_000
    published.near("Buildings under more than 0.15 m", float(ours.sum()), float(theirs.sum()), share=0.1)
    published.at_most("Share of buildings on which the two differ", 1.0 - float((ours == theirs).mean()), 0.05)
    mean = float(depth.to_numpy()[both].mean())
    published.near("Mean depth at buildings", mean, float(raw[both].mean()), share=0.05, unit="m")
    knots, shares = by_sector(resolve("flood_damage_share"))["residential"]
    lost, from_pixels = (np.interp(each, knots, shares).sum() for each in (depth.to_numpy()[both], raw[both]))
    published.near("Homes' worth lost by the curve of Asia", float(lost), float(from_pixels), share=0.05)


def test_roads_flooded(intake: Intake, pixels: rasterio.DatasetReader, published: Published) -> None:
    """Roads read every half cell by ours, every 5 m in the file's own pixels."""
    streets = view(intake, "streets")
    flood = next(found for found in intake.layers if found.var.name == "max_depth")
    assert flood.grid is not None
    found = street_depth(
        max_depth=flood.value, final_depth=flood.value, streets=streets, grid=flood.grid,
        street_water_limit=resolve("street_water_limit"), flooded_road_speed=resolve("flooded_road_speed"),
        street_crossing=resolve("street_crossing"),
    )  # fmt: skip
    points, metres = along(streets.geometry)
    raw = pixel_depth(pixels, points)
    for ours, limit in ((found.waterlogged_length, FLOODED), (found.closed_length, CLOSED)):
        want = float(metres[raw >= limit].sum()) / 1e3
        published.near(f"Roads under {limit} m or more", float(ours.sum()) / 1e3, want, share=0.05, unit="km")
    assert metres.sum() == pytest.approx(streets.length.sum(), rel=1e-9)


def along(lines: gpd.GeoSeries) -> tuple[gpd.GeoSeries, Floats]:
    """Return a point in the middle of every 5 m of each line, and the metres it stands for."""
    count = np.maximum((lines.length.to_numpy() / 5.0).astype(int), 1)
    owner = np.repeat(np.arange(len(lines)), count)
    place = np.concatenate([(np.arange(number) + 0.5) / number for number in count])
    points = shapely.line_interpolate_point(lines.to_numpy()[owner], place, normalized=True)
    return gpd.GeoSeries(points, crs=lines.crs), lines.length.to_numpy()[owner] / count[owner]


def test_what_no_file_tells_is_a_gap(cases: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(STUDY.replace("@", (cases / "data/jakarta").as_posix()), encoding="utf-8")
    study = open_study(path)
    taken = take_in_study(study, Store(tmp_path / "store"))
    planned = plan(taken.place, study.models, (), study.settings(taken.grid))
    assert "building_depth" in planned.place.layers
    gaps = {gap.model: set(gap.needs) for gap in planned.gaps}
    assert {"building_use", "floors", "factor:flood_damage_value"} <= gaps["resilience.flood_damage"]
    assert {"residents", "population"} & gaps["resilience.people_exposed"]
    assert {"children", "elderly"} <= gaps["resilience.vulnerable_exposed"]
