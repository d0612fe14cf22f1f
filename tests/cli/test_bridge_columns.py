"""citybraid model: bridges from a planner's columns, a canal in the terrain file, and fords, to the length closed."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import xarray as xr
from rasterio.transform import from_origin
from shapely.affinity import translate
from shapely.geometry import LineString

from tests import commands
from tests.resilience.canal_street import BED, canal, water_at

EAST, NORTH = 500_000.0, 3_000_000.0
STREETS = {
    "inferred from the terrain": ("", "路基", "0"),
    "said not to be a bridge": ("否", "", "0"),
    "a bridge in its own column": ("是", "", "0"),
    "a bridge by its structure": ("", "桥梁", "0"),
    "a bridge by OpenStreetMap's layer": ("", "", "1"),
    "an underpass by its layer": ("", "", "-1"),
}
"""The streets of the file, each across the canal: what columns say of it."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A terrain with a canal, water 1.3 m deep in it, and the streets."""
    folder = tmp_path_factory.mktemp("桥")
    profile = {"driver": "GTiff", "height": 40, "width": 80, "count": 1, "dtype": "float32", "crs": "EPSG:32651"}
    layers: dict[str, xr.DataArray] = {"terrain": canal(), "depth": water_at(BED + 1.3, canal())}
    for name, values in layers.items():
        place = from_origin(EAST, NORTH + 200, 5, 5)
        with rasterio.open(folder / f"{name}.tif", "w", transform=place, **profile) as target:
            target.write(values.to_numpy().astype(np.float32), 1)
    lines = [LineString([(0, 22 + 30 * k), (400, 22 + 30 * k)]) for k in range(len(STREETS))]
    bridge, structure, level = zip(*STREETS.values(), strict=True)
    gpd.GeoDataFrame(
        {"编号": list(STREETS), "是否桥梁": bridge, "结构类型": structure, "layer": level},
        geometry=[translate(line, EAST, NORTH) for line in lines], crs="EPSG:32651",
    ).to_file(folder / "道路.gpkg")  # fmt: skip
    return folder


def test_from_columns_to_the_length_closed(files: Path) -> None:
    words = ["--max-depth", "depth.tif", "--final-depth", "depth.tif", "--terrain", "terrain.tif"]
    words += ["--streets", "道路.gpkg"]
    done = commands.citybraid("model", "resilience.street_depth", *words, "--out", "积水", "--quiet", folder=files)
    assert done.returncode == 0, done.stderr
    table = gpd.read_file(files / "积水" / "closed_length.gpkg")
    closed = dict(zip(STREETS, table["closed_length"], strict=True))
    assert closed.pop("said not to be a bridge") == pytest.approx(40.0)
    assert closed.pop("an underpass by its layer") == pytest.approx(400.0)
    assert closed == dict.fromkeys(closed, 0.0)


def test_only_the_bridge_that_nobody_states_is_inferred(files: Path) -> None:
    words = ["--streets", "道路.gpkg", "--terrain", "terrain.tif", "--out", "水体", "--quiet"]
    done = commands.citybraid("model", "resilience.water_bodies", *words, folder=files)
    assert done.returncode == 0, done.stderr
    table = gpd.read_file(files / "水体" / "inferred_bridges.gpkg")
    counts = dict(zip(STREETS, table["inferred_bridges"], strict=True))
    assert counts.pop("inferred from the terrain") == 1.0
    assert counts == dict.fromkeys(counts, 0.0)
    with rasterio.open(files / "水体" / "water_body.tif") as source:
        assert set(np.unique(source.read(1))) == {0, 3}
