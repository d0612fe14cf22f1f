"""Plot numbers that stand twice in a stranger's layer are told; empty ones are none."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from tests.geotiffs import CRS, NORTH, WEST


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (["A-1", "A-2", "A-2", "A-3"], [(1, 2)]),
        (["A-1", "A-1", "A-2", "A-2"], [(2, 4)]),
        (["A-1", "A-2", "A-3", "A-4"], []),
        (["", "", "A-1", "A-2"], []),
    ],
)
def test_numbers_that_stand_twice(tmp_path: Path, numbers: list[str], told: list[tuple[int, int]]) -> None:
    shapes = [box(WEST + 60 * at, NORTH - 50, WEST + 60 * at + 50, NORTH) for at in range(4)]
    table = {"地块编号": numbers, "用地代码": ["0701"] * 4}
    gpd.GeoDataFrame(table, geometry=shapes, crs=CRS).to_file(tmp_path / "parcels.gpkg")
    found = take_in({"parcels": FileSpec(path="parcels.gpkg")}, Target(CRS, 10.0), root=tmp_path)
    same = [each for each in found.findings if each.text == "intake.plot_numbers_same"]
    assert [(each.count, each.values["parcels"]) for each in same] == told
