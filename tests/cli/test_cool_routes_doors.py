"""Cool routes by hand through both doors: the command on four files, and a study with the same files."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, Point, box

from citybraid.core.catalogue import known
from citybraid.core.factor import resolve
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.commands import citybraid

CRS = "EPSG:4549"
WEST, SOUTH, CELL = 500_000.0, 3_400_000.0, 10.0
SUN, SHADE = 42.0, 34.0
STUDY = f"""
[study]
name = "cool"
title = {{ zh = "阴凉", en = "Cool" }}
crs = "EPSG:4549"
region = "CN"
year = 2025
resolution = 10.0
[files.buildings]
path = "buildings.gpkg"
[files.streets]
path = "streets.gpkg"
[files.cool_rooms]
path = "cool_rooms.gpkg"
[files.utci]
path = "utci.tif"
[files.study_area]
path = "study_area.gpkg"
[models]
skip = {[name for name in known() if name != "resilience.cool_routes" and not name.startswith("integrate.measures")]}
[alternatives.as_is]
title = {{ zh = "现状", en = "As it is" }}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a block of 400 by 100 m: the street to the room lies in the sun, the one behind it in the shade.

    Two homes: the first at the sunny street's west corner, the second on the shaded street 50 m from its own.
    """

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(WEST + x, SOUTH + y) for x, y in points]

    lines = [at((50, 50), (450, 50)), at((50, 50), (50, 150)), at((50, 150), (450, 150)), at((450, 150), (450, 50))]
    streets = gpd.GeoDataFrame({"road_class": ["residential"] * 4}, geometry=[LineString(e) for e in lines], crs=CRS)
    streets.to_file(tmp_path / "streets.gpkg")
    homes = [box(WEST + x - 2, SOUTH + y - 2, WEST + x + 2, SOUTH + y + 2) for x, y in ((50, 50), (100, 150))]
    gpd.GeoDataFrame({"residents": [30.0, 50.0]}, geometry=homes, crs=CRS).to_file(tmp_path / "buildings.gpkg")
    gpd.GeoDataFrame(geometry=[Point(*at((450, 50))[0])], crs=CRS).to_file(tmp_path / "cool_rooms.gpkg")
    felt = np.full((20, 50), SUN, np.float32)
    felt[0:10] = SHADE
    with rasterio.open(
        tmp_path / "utci.tif", "w", driver="GTiff", height=20, width=50, count=1, dtype="float32", crs=CRS,
        transform=from_origin(WEST, SOUTH + 200.0, CELL, CELL),
    ) as target:  # fmt: skip
        target.write(felt, 1)
    area = gpd.GeoDataFrame(geometry=[box(WEST, SOUTH, WEST + 500.0, SOUTH + 200.0)], crs=CRS)
    area.to_file(tmp_path / "study_area.gpkg")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def by_hand() -> dict[str, list[float]]:
    """Return minutes for both homes at a detour of 4 m a metre of heat, by adding up the streets.

    Shade begins at y = 100. Sunny: 400 m in heat (cost 400 + 4 x 400); shaded, from the first home: 600 m, of which
    50 m to the shade and 50 m from it are hot (600 + 4 x 100). From the second 450 m, of which 50 m are hot.
    """
    minute = resolve("travel_speed")["walk"] * 1000.0 / 60.0
    return {
        "short_route_heat": [400.0 / minute, 50.0 / minute],
        "cool_route_heat": [100.0 / minute, 50.0 / minute],
        "cool_route_time": [600.0 / minute, 450.0 / minute],
        "people_hot_short_route": [30.0, 0.0],
        "people_hot_cool_route": [0.0, 0.0],
    }


def test_the_command_finds_the_walks_by_hand(desk: Path) -> None:
    done = citybraid(
        "model", "resilience.cool_routes", "--buildings", "buildings.gpkg", "--streets", "streets.gpkg",
        "--cool-rooms", "cool_rooms.gpkg", "--utci", "utci.tif", "--detour", "4", "--out", "out", folder=desk,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name, wanted in by_hand().items():
        assert gpd.read_file(desk / "out" / f"{name}.gpkg")[name].tolist() == pytest.approx(wanted, rel=0.02), name


def test_a_study_finds_the_walks_by_hand(desk: Path) -> None:
    path = desk / "study.toml"
    path.write_text(f'{STUDY}[parameters."resilience.cool_routes"]\ndetour = 4.0\n', encoding="utf-8")
    ran = run_study(open_study(path), threads=1)
    for name, wanted in by_hand().items():
        (layer,) = ran.layers("as_is")[name].values()
        assert np.asarray(ran.value(layer), float).tolist() == pytest.approx(wanted, rel=0.02), name
