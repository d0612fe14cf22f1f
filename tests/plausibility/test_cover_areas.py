"""Areas of land cover on the plan against those of the files, on cells of 2.5 to 30 m, by counting pixels and rings.

| ground | what is held |
|---|---|
| Barbican, London, 1 m | share of each class within 1 % of the plan, on every grid |
| plots, homes, streets and a canal drawn as shapes | area of each cover within 1 % of the plan, on every grid |
| homes that fill a third of each cell | two thirds of the ground stays as it is |
| a green raster of 1 m | as much grass as green, where there is room |
"""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, box

from citybraid.core.finding import Finding
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target

CRS, WEST, NORTH, SIDE = "EPSG:4549", 500_000.0, 3_400_600.0, 600.0
CODE = {name: code for code, name in COVER}
PLAN = box(WEST, NORTH - SIDE, WEST + SIDE, NORTH)


def codes(intake: Intake, name: str = "land_cover") -> np.ndarray:
    return np.asarray(next(each.value for each in intake.layers if each.var.name == name))


def known(intake: Intake) -> np.ndarray:
    """Classes of the cells that a file tells: cells beyond the edge of the plan are nobody's."""
    found = codes(intake)
    assumed = [np.asarray(each.value) for each in intake.layers if each.var.name == "assumed_land_cover"]
    return found[assumed[0] == 0] if assumed else found.ravel()


def told(intake: Intake, text: str) -> Finding:
    (found,) = [each for each in intake.findings if each.text == text]
    return found


@pytest.mark.slow
@pytest.mark.case("data/london")
@pytest.mark.parametrize("cell", [2.5, 5.0, 10.0, 30.0])
def test_london_keeps_the_shares_of_its_classes(cell: float, cases: Path) -> None:
    """On 30 m the largest class of a cell left 28 % of the trees out; half a cell of 435 is 0.1 % of the plan."""
    root, own = cases / "data" / "london" / "London_BNG", {"1": "50", "2": "10", "3": "30", "4": "52"}
    spec = FileSpec(path="landcover_barb_1m_v3.tif", classes=own)
    intake = take_in({"land_cover": spec}, Target("EPSG:27700", cell), root=root)
    with rasterio.open(root / "landcover_barb_1m_v3.tif") as source:
        pixels = source.read(1)
    found = known(intake)
    for theirs, ours in own.items():
        share = (pixels == int(theirs)).mean()
        assert (found == int(ours)).mean() == pytest.approx(share, abs=0.01)
        assert (found == int(ours)).mean() / share == pytest.approx(1.0, abs=0.01 + 1.5 / (share * found.size))
    assert float(str(told(intake, "intake.classes_shared").values["off"])) <= 0.2
    (area,) = [each.value for each in intake.layers if each.var.name == "study_area"]
    assert float(area.area.sum()) == pytest.approx(pixels.size, rel=1e-3)


def write(folder: Path, name: str, shapes: Sequence[object], **columns: object) -> FileSpec:
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS).to_file(folder / f"{name}.gpkg", engine="pyogrio")
    return FileSpec(path=f"{name}.gpkg")


@pytest.mark.slow
@pytest.mark.parametrize("cell", [2.5, 5.0, 10.0, 20.0, 30.0])
def test_a_composed_cover_has_the_areas_of_its_shapes(cell: float, tmp_path: Path) -> None:
    """A park, dwellings with homes of 7 by 9 m, streets of 6 m, a canal of 4 m: all narrower than cells of 10 m."""
    park, rest = box(WEST, NORTH - SIDE, WEST + 150, NORTH), box(WEST + 150, NORTH - SIDE, WEST + SIDE, NORTH)
    canal = box(WEST + 150, NORTH - 304, WEST + SIDE, NORTH - 300)
    homes = [
        box(x, y, x + 7, y + 9)
        for x in WEST + 163 + 23.0 * np.arange(18)
        for y in NORTH - 560 + 31.0 * np.arange(17)
        if not box(x, y, x + 7, y + 9).intersects(canal.buffer(1))
    ]
    lines = [LineString([(x, NORTH - SIDE), (x, NORTH)]) for x in (WEST + 158.0, WEST + 590.0)]
    files = {
        "study_area": write(tmp_path, "study_area", [PLAN]),
        "parcels": write(
            tmp_path, "parcels", [park, rest.difference(canal), canal], 地块编号=["P", "R", "C"],
            用地性质=["1401", "0701", "1701"],
        ),
        "buildings": write(tmp_path, "buildings", homes, 层数=[6] * len(homes), 用途=["住宅"] * len(homes)),
        "streets": write(tmp_path, "streets", lines, 道路宽度=[6.0, 6.0]),
    }  # fmt: skip
    intake = take_in(files, Target(CRS, cell), root=tmp_path)
    found = known(intake)
    roofs, water, road = 63.0 * len(homes), 4.0 * 450.0, 2 * 6.0 * (SIDE - 4.0) + 2 * 6.0 * 4.0
    expected = {"roof": roofs, "road": road, "water": water - 2 * 6.0 * 4.0, "grass": 150.0 * SIDE}
    expected["paved"] = SIDE**2 - sum(expected.values())
    for name, area in expected.items():
        cells = float((found == CODE[name]).sum()) * cell**2
        assert cells == pytest.approx(area, abs=0.01 * SIDE**2), name
    narrow = [each.values for each in intake.findings if each.text == "intake.water_narrow"]
    assert len(narrow) == (cell > 4.0), "cells narrower than the canal hold a whole line of it"
    assert [(each["length"], each["width"]) for each in narrow] == [(450, 4.0)] * len(narrow)


@pytest.mark.slow
def test_ground_beside_homes_stays_as_it_is(tmp_path: Path) -> None:
    """Homes of 5.8 by 5.8 m, one in each cell of 10 m: a third of a lawn and of a yard; none or all of it had gone."""
    pixels = np.full((600, 600), CODE["grass"], np.uint8)
    pixels[:, 300:] = CODE["paved"]
    with rasterio.open(
        tmp_path / "cover.tif", "w", driver="GTiff", height=600, width=600, count=1, dtype="uint8", crs=CRS,
        transform=from_origin(WEST, NORTH, 1.0, 1.0), nodata=0,
    ) as target:  # fmt: skip
        target.write(pixels, 1)
    corners = 2.0 + 10.0 * np.arange(60)
    homes = [box(WEST + x, NORTH - y - 5.8, WEST + x + 5.8, NORTH - y) for x in corners for y in corners]
    files = {
        "study_area": write(tmp_path, "study_area", [PLAN]),
        "land_cover": FileSpec(path="cover.tif"),
        "buildings": write(tmp_path, "buildings", homes, 层数=[3] * 3600, 用途=["住宅"] * 3600),
    }
    found = codes(take_in(files, Target(CRS, 10.0), root=tmp_path))
    for half in (found[:, :30], found[:, 30:]):
        assert (half == CODE["roof"]).mean() == pytest.approx(0.3364, abs=0.03)
        assert set(np.unique(half)) <= {CODE["roof"], CODE["grass"], CODE["paved"]}
    assert (found[:, :30] == CODE["paved"]).sum() == 0
    assert (found[:, 30:] == CODE["grass"]).sum() == 0


@pytest.mark.slow
@pytest.mark.parametrize("cell", [5.0, 30.0])
def test_a_green_raster_makes_as_much_grass_as_it_has_green(cell: float, tmp_path: Path) -> None:
    """28 % of pixels of 1 m in clumps, on dwellings: cells of half green had become whole ones, of less none."""
    random = np.random.default_rng(8)
    clumps = np.repeat(np.repeat(random.random((200, 200)) < 0.28, 3, axis=0), 3, axis=1)
    with rasterio.open(
        tmp_path / "green.tif", "w", driver="GTiff", height=600, width=600, count=1, dtype="uint8", crs=CRS,
        transform=from_origin(WEST, NORTH, 1.0, 1.0),
    ) as target:  # fmt: skip
        target.write(clumps.astype(np.uint8), 1)
    files = {
        "study_area": write(tmp_path, "study_area", [PLAN]),
        "parcels": write(tmp_path, "parcels", [PLAN], 地块编号=["R"], 用地性质=["0701"]),
        "green": FileSpec(path="green.tif"),
    }
    found = codes(take_in(files, Target(CRS, cell), root=tmp_path))
    assert (found == CODE["grass"]).mean() == pytest.approx(clumps.mean(), abs=0.01)
