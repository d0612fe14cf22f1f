"""A drawing written by the report and read by the intake says the same."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon

from citybraid.report.exports.dxf import Release, write_dxf
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.readers import dxf
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, square

COLUMNS = ("plot_number", "land_use", "floor_area_ratio", "building_density", "green_ratio", "height_limit")


def plan() -> gpd.GeoDataFrame:
    round_one = Point(WEST + 350, SOUTH + 50).buffer(48.7)
    holed = Polygon(square(1, 0).exterior, [square(1, 0).buffer(-20).exterior])
    shapes = [square(0, 0), holed, round_one, square(1, 0).buffer(-20)]
    return gpd.GeoDataFrame(
        {
            "plot_number": ["嘉兴-A-01", "B-02-03", "C-01", "B-02-04"],
            "land_use": ["070102", "0902", "1401", "080403"],
            "floor_area_ratio": [2.35, 3.5, np.nan, 0.9],
            "building_density": [0.28, 0.455, np.nan, 0.3],
            "green_ratio": [0.35, 0.2, 0.75, 0.3],
            "height_limit": [60.0, 80.0, np.nan, 24.0],
        },
        geometry=shapes,
        index=["a", "b", "c", "d"],
        crs=CRS,
    )


@pytest.mark.parametrize("release", ["R2000", "R2010"])
def test_areas_and_texts_survive(tmp_path: Path, release: Release) -> None:
    before = plan()
    (path,) = write_dxf({release: tmp_path / "地块.dxf"}, before, remarks=["合成数据"])
    options = dxf.Options(crs=CRS)
    reading = dxf.read(path, "parcels", options, TARGET, limits=Limits())
    found = {each.var.name: each.value for each in reading.layers}
    after = pd.DataFrame({name: found[name] for name in COLUMNS}).assign(area=found["parcels"].area)
    after, before = after.set_index("plot_number"), before.assign(area=before.area).set_index("plot_number")
    assert sorted(after.index) == sorted(before.index)
    after = after.loc[before.index]
    assert after["area"].to_numpy() == pytest.approx(before["area"].to_numpy(), rel=1e-3)
    assert list(after["land_use"]) == list(before["land_use"])
    for name in COLUMNS[2:]:
        assert after[name].to_numpy() == pytest.approx(before[name].to_numpy(), nan_ok=True)
