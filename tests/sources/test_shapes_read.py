"""Faulty shapes in files: one bad ring never closes a whole file, and heights that go are told."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Polygon

from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from tests.sources.planner_files import CRS, SOUTH, WEST

GOOD = [[WEST, SOUTH], [WEST + 40, SOUTH], [WEST + 40, SOUTH + 40], [WEST, SOUTH + 40], [WEST, SOUTH]]
FAULTS = {
    "one point": [[[WEST, SOUTH]]],
    "two points": [[[WEST, SOUTH], [WEST + 5, SOUTH], [WEST, SOUTH]]],
    "no ring": [[]],
    "open ring": [[[WEST + 50, SOUTH], [WEST + 60, SOUTH], [WEST + 60, SOUTH + 10], [WEST + 50, SOUTH + 10]]],
}


def take(path: Path) -> Intake:
    return take_in({"buildings": FileSpec(path=path.name, crs=CRS)}, Target(CRS, 5.0), root=path.parent)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_ring_of_too_few_points_is_told_and_the_rest_is_read(tmp_path: Path, fault: str) -> None:
    shapes = [{"type": "Polygon", "coordinates": rings} for rings in ([GOOD], FAULTS[fault])]
    features = [
        {"type": "Feature", "properties": {"id": str(at)}, "geometry": shape} for at, shape in enumerate(shapes)
    ]
    path = tmp_path / "建筑.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    intake = take(path)
    rows = next(found.value for found in intake.layers if found.var.name == "buildings")
    assert list(rows.index) == (["0", "1"] if fault == "open ring" else ["0"])
    assert {problem.row for problem in intake.problems} == (set() if fault == "open ring" else {"1"})


def test_heights_that_are_dropped_are_told_once(tmp_path: Path) -> None:
    high = Polygon([(east, north, 3.0) for east, north in GOOD])
    path = tmp_path / "建筑.gpkg"
    gpd.GeoDataFrame({"floors": [3]}, geometry=[high], crs=CRS).to_file(path)
    told = [finding for finding in take(path).findings if finding.text == "intake.shape_flat"]
    assert [finding.count for finding in told] == [1]
