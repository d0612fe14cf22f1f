"""Areas that plans draw from water: a layer of the GeoPackage with a style, and the list of waterlogging points."""

from pathlib import Path

import geopandas as gpd

from citybraid.report.chapter import Table
from citybraid.report.chapters.c50_resilience import chapter
from citybraid.report.view import View
from citybraid.study.run import Run


def test_points_are_a_layer_of_each_alternative(report: Path) -> None:
    path = next(report.rglob("plan.gpkg"))
    names = set(gpd.list_layers(path)["name"])
    assert {"waterlogging_points_as_is", "waterlogging_points_chosen"} <= names
    points = gpd.read_file(path, layer="waterlogging_points_as_is").set_index("id")
    assert points.loc["point-1", "waterlogging_depth"] == 0.63
    styles = gpd.read_file(path, layer="layer_styles", ignore_geometry=True).set_index("f_table_name")["styleQML"]
    assert "194,65,12" in styles["waterlogging_points_as_is"]


def test_points_are_listed_in_the_chapter(run: Run) -> None:
    tables = [block for block in chapter(View(run)).blocks if isinstance(block, Table) and "waterlogging" in block.name]
    assert [table.name for table in tables] == ["waterlogging_points_as_is", "waterlogging_points_chosen"]
    assert tables[0].frame["point"].tolist() == ["1", "2"]
    assert tables[0].frame["waterlogging_duration"].tolist() == [2.5, 0.75]
    assert {"x", "y"} <= set(tables[0].frame)
