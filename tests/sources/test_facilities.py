"""Facilities and streets for rescue: kinds in the planner's words, marks of streets, and what is wrong with them."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from tests.resilience.test_cool_room_access import homes
from tests.resilience.test_shelters import found

CRS = "EPSG:32651"


def write(path: Path, **columns: list[str | None]) -> Path:
    """Write a file of points, one for each cell of the first column."""
    count = len(next(iter(columns.values())))
    points = [Point(351000 + 100 * k, 3460000) for k in range(count)]
    gpd.GeoDataFrame(columns, geometry=points, crs=CRS).to_file(path)
    return path


def taken(folder: Path, **names: str) -> Intake:
    """Take in files by role."""
    files = {role: FileSpec(path=name) for role, name in names.items()}
    return take_in(files, Target(CRS, 10.0), root=folder)


def column(intake: Intake, name: str) -> pd.Series:
    """Return a column that intake brought."""
    found: pd.Series = next(each.value for each in intake.layers if each.var.name == name)
    return found


def test_kinds_in_the_planners_words(tmp_path: Path) -> None:
    words: list[str | None] = ["医院", "消防救援站", "Fire Station", "急救站", "避难场所", "水厂", None]
    write(tmp_path / "救援设施.gpkg", 设施类型=words)
    intake = taken(tmp_path, facilities="救援设施.gpkg")
    kinds = column(intake, "facility_kind").tolist()
    assert kinds == ["hospital", "fire_station", "fire_station", "hospital", "shelter", "水厂", ""]
    told = [finding for finding in intake.findings if finding.text == "intake.facility_unknown"]
    assert [(finding.kind, finding.count, finding.values["examples"]) for finding in told] == [("advice", 1, ["水厂"])]


def test_the_effective_area_of_a_shelter_becomes_its_places(tmp_path: Path) -> None:
    """From a column in the planner's words to the places of the model: 500 m2 at 2 m2, in the second row."""
    points = [Point(351100, 3460110), Point(351600, 3460510)]
    table = gpd.GeoDataFrame(
        {"设施类型": ["医院", "避难场所"], "有效避难面积": [np.nan, 500.0]}, geometry=points, crs=CRS
    )
    table.to_file(tmp_path / "救援设施.gpkg")
    intake = taken(tmp_path, facilities="救援设施.gpkg")
    kinds, areas, shapes = (column(intake, name) for name in ("facility_kind", "shelter_area", "facilities"))
    read = gpd.GeoDataFrame(
        {"facility_kind": kinds, "shelter_area": areas}, geometry=gpd.GeoSeries(shapes).translate(-351000, -3460000)
    )
    answer = found(homes((250.0, 12.0)), given={"facilities": read})
    assert answer.listed is not None
    assert answer.listed.facility_places.tolist()[1] == 250.0
    assert np.isnan(answer.listed.facility_places.tolist()[0])


def test_facilities_from_a_table_of_coordinates(tmp_path: Path) -> None:
    (tmp_path / "医院.csv").write_text("名称,类型,X坐标,Y坐标\n甲,医院,351010,3460010\n乙,医院,,\n", encoding="utf-8")
    file = FileSpec(path="医院.csv", role="facilities", crs=CRS)
    target = Target(CRS, 10.0)
    intake = take_in({"hospitals": file}, target, root=tmp_path)
    assert column(intake, "facility_kind").tolist() == ["hospital"]
    assert "intake.points_lost" in {finding.text for finding in intake.findings}


def test_facilities_without_shapes(tmp_path: Path) -> None:
    (tmp_path / "facilities.csv").write_text("id,类型\n1,医院\n", encoding="utf-8")
    frame = gpd.GeoDataFrame({"highway": ["primary"]}, geometry=[LineString([(0, 0), (500, 0)])], crs=CRS)
    frame.to_file(tmp_path / "streets.gpkg")
    intake = taken(tmp_path, facilities="facilities.csv", streets="streets.gpkg")
    told = {(finding.kind, finding.text, finding.layer) for finding in intake.findings}
    assert ("rejected", "intake.no_table", "facility_kind") in told
    assert "facilities" not in {each.var.name for each in intake.layers}


def test_marks_of_streets(tmp_path: Path) -> None:
    lines = [LineString([(351000, 3460000 + 50 * k), (351500, 3460000 + 50 * k)]) for k in range(3)]
    frame = gpd.GeoDataFrame(
        {
            "highway": ["primary", "secondary_link", "footway"],
            "oneway": ["yes", None, "-1"],
            "bridge": ["viaduct", None, None],
            "tunnel": [None, "yes", None],
            "maxspeed": ["60", None, "0"],
        },
        geometry=lines, crs=CRS,
    )  # fmt: skip
    frame.to_file(tmp_path / "streets.gpkg")
    intake = taken(tmp_path, streets="streets.gpkg")
    assert column(intake, "road_class").tolist() == ["primary", "secondary", "path"]
    assert column(intake, "one_way").tolist() == ["yes", "", "-1"]
    assert column(intake, "bridge").tolist() == ["viaduct", "", ""]
    assert column(intake, "tunnel").tolist() == ["", "yes", ""]
    np.testing.assert_array_equal(column(intake, "speed_limit"), [60.0, np.nan, np.nan])
    assert any(finding.kind == "rejected" and finding.layer == "streets" for finding in intake.findings), "0 km/h"
