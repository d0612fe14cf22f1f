"""A public outline and nothing else: what `citybraid fetch` brings from a mirror is run as a study unchanged."""

import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run
from tests.cli.test_fetch import TILE, tile
from tests.commands import citybraid
from tests.sources.open_data.served import serving
from tests.sources.planner_files import CRS, parcels

pytestmark = pytest.mark.slow

LOW, HIGH, GRASS, BUILT = 4.0, 6.0, 30, 50
STUDY = f"""
[study]
name = "outline"
title = {{ zh = "只有轮廓", en = "An outline alone" }}
crs = "{CRS}"
region = "CN-SH"
year = 2025
resolution = 40
[files.study_area]
path = "outline.gpkg"
[[storms]]
label = "p20"
return_period = 20
[uniform]
drain_capacity = 0
[parameters."resilience.soil"]
soil_group = "D"
[parameters."resilience.curve_number"]
soil_group = "D"
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
"""


@pytest.fixture
def outline(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    shape = parcels().geometry.union_all().convex_hull
    gpd.GeoDataFrame(geometry=[shape], crs=CRS).to_file(folder / "outline.gpkg")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    cover = np.full((3600, 3600), GRASS, dtype=np.uint8)
    cover[::2] = BUILT
    tile(tmp_path / "mirror" / "worldcover" / TILE, 120, 33, 3 / 3600, cover)
    for west in (120, 121):
        name = f"Copernicus_DSM_COG_10_N30_00_E{west}_00_DEM"
        ground = np.full((3600, 3600), HIGH, dtype=np.float32)
        ground[:, ::7] = LOW
        tile(tmp_path / "mirror" / name / f"{name}.tif", west, 31, 1 / 3600, ground)
    return folder / "study.toml"


def test_what_is_fetched_for_an_outline_runs_as_the_same_study(outline: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "mirror") as served:
        done = citybraid(
            "fetch", str(outline), "--source", "worldcover,dem", "--mirror", served.url, "--write", "--quiet"
        )
        assert done.returncode == 0, done.stderr
    written = outline.read_bytes()
    files = tomllib.loads(written.decode())["files"]
    assert {name.partition("_2")[0] for name in files} == {"study_area", "terrain", "land_cover"}
    ran = citybraid("run", str(outline), "--no-report", "--quiet", "--out", str(tmp_path / "out"))
    assert ran.returncode == 0, ran.stderr
    assert outline.read_bytes() == written, "the run needs nothing but what the fetch wrote"
    run = Run.open(tmp_path / "out")
    terrain = np.asarray(run.value(run.layers("as_is")["terrain"][""]), np.float64)
    assert LOW <= np.nanmin(terrain) < np.nanmax(terrain) <= HIGH
    assert np.nanmean(terrain) == pytest.approx(HIGH - (HIGH - LOW) / 7, abs=0.25), "one column in seven is low"
    cover = np.asarray(run.value(run.layers("as_is")["land_cover"][""]))
    assert set(np.unique(cover)) <= {0, GRASS, BUILT}
    assert {GRASS, BUILT} & set(np.unique(cover))
    table = run.table("units/as_is")
    assert table is not None
    assert np.isfinite(float(table["flooded_share"][WHOLE_AREA]))
    depth = np.asarray(run.value(run.layers("as_is")["max_depth"]["p20"]), np.float64)
    low = terrain < np.nanmean(terrain) - 0.2
    assert np.nanmean(depth[low]) > np.nanmean(depth[terrain > np.nanmean(terrain)]) > 0.0, "rain gathers where low"
    assert not any(run.manifest.partial.values())
