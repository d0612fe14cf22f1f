"""Terrain and trees from files shade the buildings of a study: file, raster, model, column."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin

from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow
ROLES = ("parcels", "buildings", "land_cover", "weather")
PARAMETERS = {"lowcarbon.building_energy": {"climate_zone": "3A"}}


def raster(path: Path, values: np.ndarray) -> None:
    """Write cells of 10 m around the buildings."""
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype="float32", crs=CRS,
        transform=from_origin(WEST - 50.0, SOUTH + 350.0, 10.0, 10.0), nodata=-9999.0,
    ) as target:  # fmt: skip
        target.write(values.astype(np.float32), 1)


def cooling(folder: Path, **rasters: np.ndarray) -> pd.Series:
    """Return the cooling of the buildings of a study with some rasters."""
    folder.mkdir()
    path = Made(folder, ROLES, region="CN-SH", parameters=PARAMETERS).written()
    text = path.read_text(encoding="utf-8")
    for role, values in rasters.items():
        raster(folder / f"{role}.tif", values)
        text += f'[files.{role}]\npath = "{role}.tif"\n'
    path.write_text(text, encoding="utf-8")
    run = run_study(open_study(path), threads=1)
    found: pd.Series = run.value(run.layers("as_is")["cooling_demand"][""])
    return found


def test_a_hill_and_trees_in_files_take_sun_from_buildings(tmp_path: Path) -> None:
    """A hill along the southern edge, trees north of the middle."""
    level, hill, trees = np.full((40, 40), 5.0), np.full((40, 40), 5.0), np.zeros((40, 40))
    hill[33:], trees[:20] = 105.0, 0.8
    plain = cooling(tmp_path / "plain", terrain=level)
    shaded = cooling(tmp_path / "shaded", terrain=hill, canopy_cover=trees)
    by_hill, by_trees = ([f"B{at + row}" for at in (0, 5)] for row in (0, 4))
    assert (shaded[by_hill] < 0.97 * plain[by_hill]).all()
    assert (shaded[by_trees] < plain[by_trees]).all()
