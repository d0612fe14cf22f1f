"""citybraid model NAME for hazards: shapes and series come out as files, what is wrong is said."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from rasterio.transform import from_origin

from tests import commands
from tests.resilience.flooded_plain import LEFT, TOP, plain
from tests.resilience.months_record import months


def citybraid(words: Sequence[str], folder: Path) -> commands.Done:
    return commands.citybraid("model", *words, folder=folder)


def test_zones_from_a_terrain(tmp_path: Path) -> None:
    ground = plain().terrain.to_numpy().astype(np.float32)
    profile = {"driver": "GTiff", "height": 60, "width": 80, "count": 1, "dtype": "float32", "crs": "EPSG:4549"}
    with rasterio.open(tmp_path / "地形.tif", "w", transform=from_origin(LEFT, TOP, 10, 10), **profile) as target:
        target.write(ground, 1)
    words = ["resilience.drainage_zones", "--terrain", "地形.tif", "--least-area", "20000", "--out", "分区", "--quiet"]
    done = citybraid(words, tmp_path)
    assert done.returncode == 0, done.stderr
    zones = gpd.read_file(tmp_path / "分区" / "drainage_zones.gpkg")
    area = pd.read_csv(tmp_path / "分区" / "drainage_zone_area.csv", index_col="id").iloc[:, 0]
    np.testing.assert_allclose(zones.set_index("id").area.reindex(area.index), area)
    assert area.sum() == 480_000.0


def test_a_drought_index_and_a_start_that_is_no_month(tmp_path: Path) -> None:
    months().rain.rename("mm").to_csv(tmp_path / "rain.csv")
    words = ["resilience.standardized_precipitation", "--monthly-rain", "rain.csv", "--months", "12", "--quiet"]
    done = citybraid([*words, "--record-start", "1981", "--out", "spi"], tmp_path)
    assert done.returncode == 0, done.stderr
    index = pd.read_csv(tmp_path / "spi" / "standardized_precipitation.csv").iloc[:, 1]
    assert index.isna().sum() == 11
    done = citybraid([*words, "--record-start", "1981.3", "--out", "never"], tmp_path)
    assert done.returncode == 2
    assert "1981.3" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "never").exists()
