"""Areas that plans draw from water: a layer of the GeoPackage with a style, and the list of waterlogging points."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest
from ezdxf.entities.mtext import MText
from ezdxf.filemanagement import readfile
from shapely.geometry import box

from citybraid.report.chapter import Figure, Paragraph, Table, in_words, words
from citybraid.report.chapters.c50_resilience import chapter
from citybraid.report.exports import write
from citybraid.report.view import View
from citybraid.study.run.run import Run


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
    assert [table.name for table in tables] == ["waterlogging_points_as_is"]
    assert tables[0].frame["point"].tolist() == ["1", "2"]
    assert tables[0].frame["waterlogging_duration"].tolist() == [2.5, 0.75]
    assert {"x", "y"} <= set(tables[0].frame)


def test_the_same_points_are_listed_once(run: Run) -> None:
    """Four alternatives of Xinhua Road without a measure against water had four lists of the same 59 points."""
    blocks = chapter(View(run)).blocks
    told = [in_words(each.text, "en") for each in blocks if isinstance(each, Paragraph) and each.appendix]
    name = in_words(View(run).name("chosen"), "en")
    assert f"{name}: the same waterlogging points as in an alternative before." in told


def test_the_course_of_droughts_is_drawn(run: Run) -> None:
    figures = [block for block in chapter(View(run)).blocks if isinstance(block, Figure) and block.name == "drought"]
    assert len(figures) == 1
    axes = figures[0].draw("zh").axes[0]
    assert axes.get_xlim()[1] == pytest.approx(1981.0 + 479 / 12)
    assert "SPI" in axes.get_ylabel()
    assert "SPI" in in_words(figures[0].caption, "en")


def test_points_are_drawn_for_cad(report: Path) -> None:
    paths = sorted(path.name for path in report.rglob("control_lines_*.dxf"))
    assert paths == ["control_lines_as_is_R2000.dxf", "control_lines_as_is_R2010.dxf"]  # the other one has the same
    drawing = readfile(next(report.rglob("control_lines_as_is_R2000.dxf")))
    lines = [line for line in drawing.modelspace().query("LWPOLYLINE") if line.dxf.layer == "内涝积水点"]
    assert len(lines) == 3  # one of the two has a courtyard
    assert {text.text for text in drawing.modelspace() if isinstance(text, MText)} == {"内涝积水点 1", "内涝积水点 2"}
    assert any("EPSG" in text.dxf.text for text in drawing.modelspace().query("TEXT"))


class Water:
    """A view of three alternatives with two tables of water each; `keys` tell which are alike."""

    notes = ()

    def __init__(self, keys: Mapping[str, tuple[str, str]]) -> None:
        self.keys, self.run = keys, SimpleNamespace(alternatives=tuple(keys))
        self.title = words("page.kind")

    def layer(self, alternative: str, table: str) -> SimpleNamespace | None:
        where = {"flood_risk_areas": 0, "drainage_zones": 1}
        return SimpleNamespace(key=self.keys[alternative][where[table]]) if table in where else None

    def shapes(self, alternative: str, table: str) -> gpd.GeoSeries | None:
        area = gpd.GeoSeries([box(0, 0, 9, 9)], index=["1"], crs="EPSG:4549")
        return None if self.layer(alternative, table) is None else area


def test_a_drawing_of_water_is_whole_or_not_written(tmp_path: Path) -> None:
    """A scheme's drawing lacked the drainage zones that it shares with the plan: its reader took them for none."""
    alike = {"base": ("a", "z"), "plan": ("b", "z"), "twin": ("b", "z")}
    shown = Water(alike)
    for name in alike:
        write._control_lines(shown, name, tmp_path)  # type: ignore[arg-type]  # stands in for a view
    assert sorted(path.name for path in tmp_path.glob("*2010.dxf")) == [
        "control_lines_base_R2010.dxf", "control_lines_plan_R2010.dxf",
    ]  # fmt: skip
    drawing = readfile(tmp_path / "control_lines_plan_R2010.dxf")
    assert {line.dxf.layer for line in drawing.modelspace().query("LWPOLYLINE")} == {"洪涝风险控制区", "排水分区"}
