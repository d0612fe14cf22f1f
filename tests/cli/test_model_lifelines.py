"""Every column of lifelines and their links, in planners' words, reaches what `citybraid model` computes of them."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from tests.commands import citybraid

pytestmark = pytest.mark.slow

CRS, WEST, SOUTH = "EPSG:4549", 500_000.0, 3_400_000.0
SITES = {"S": (0.0, 0.0), "T": (900.0, 0.0), "H": (60.0, 0.0)}


def components(**changes: list[Any]) -> gpd.GeoDataFrame:
    """A substation that floods after 2 h, one that stays dry, and a hospital that the first feeds."""
    columns: dict[str, list[Any]] = {
        "编号": list(SITES), "系统": ["电力", "电力", "医院"], "依赖设施": ["", "", "S"], "外部接入": ["是", "是", ""],
        "备用电源时长(min)": [0, 0, 180], "床位数": [0, 0, 40], "lifeline_hit_chance": [1.0, 0.0, 0.0],
        "lifeline_hit_time": [2.0, None, None],
    }  # fmt: skip
    shapes = [Point(WEST + x, SOUTH + y) for x, y in SITES.values()]
    return gpd.GeoDataFrame(columns | changes, geometry=shapes, crs=CRS)


def homes() -> gpd.GeoDataFrame:
    shapes = [box(WEST + x, SOUTH + 20, WEST + x + 10, SOUTH + 30) for x in (0, 900)]
    people = {"编号": ["a", "b"], "居住人口": [100, 60], "elderly": [30, 6]}
    return gpd.GeoDataFrame(people, geometry=shapes, crs=CRS)


def failures(folder: Path, frame: gpd.GeoDataFrame, links: gpd.GeoDataFrame | None = None) -> Path:
    for name, given in (("parts", frame), ("homes", homes()), ("links", links)):
        (folder / f"{name}.gpkg").unlink(missing_ok=True)
        if given is not None:
            given.to_file(folder / f"{name}.gpkg")
    words = ["--lifelines", "parts.gpkg", "--buildings", "homes.gpkg", "--runs", "20", "--region", "CN-ZJ", "--quiet"]
    words += [] if links is None else ["--lifeline-links", "links.gpkg"]
    done = citybraid("model", "resilience.lifelines", *words, "--out", "out", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def column(folder: Path, name: str) -> list[float]:
    values: pd.Series = gpd.read_file(folder / f"{name}.gpkg").iloc[:, :-1].set_index("id")[name]
    return [float(each) for each in values]


def number(folder: Path, name: str) -> float:
    numbers = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["numbers"]
    return float(numbers[name])


def test_components_in_planners_words_fail_as_by_hand(tmp_path: Path) -> None:
    """The substation fails at 2 h; the hospital's 180 min of own power end at 5 h; the homes beside both lack power."""
    out = failures(tmp_path, components())
    assert column(out, "lifeline_fail_chance") == pytest.approx([1.0, 0.0, 1.0])
    times = column(out, "lifeline_fail_time")
    assert [times[0], times[2]] == pytest.approx([2.0, 5.0])
    assert column(out, "people_unserved")[0] == pytest.approx(100.0)
    assert column(out, "elderly_unserved")[0] == pytest.approx(30.0)
    assert number(out, "beds_lost") == pytest.approx(40.0)
    assert number(out, "spread_failures") > 0.0


def test_each_column_changes_what_it_must(tmp_path: Path) -> None:
    fed = failures(tmp_path, components(依赖设施=["", "", "T"]))
    assert column(fed, "lifeline_fail_chance") == pytest.approx([1.0, 0.0, 0.0])
    assert number(fed, "beds_lost") == 0.0
    longer = failures(tmp_path, components(**{"备用电源时长(min)": [0, 0, 60 * 100]}))
    assert column(longer, "lifeline_fail_chance")[2] == 0.0
    beds = failures(tmp_path, components(床位数=[0, 0, 25]))
    assert number(beds, "beds_lost") == pytest.approx(25.0)


def test_links_feed_what_no_column_names(tmp_path: Path) -> None:
    """A cable from the substation that floods to the hospital stands for the column of needs."""
    ends = [Point(WEST + SITES[name][0], SOUTH + SITES[name][1]) for name in ("S", "H")]
    cable = gpd.GeoDataFrame({"起点": ["S"], "终点": ["H"]}, geometry=[LineString(ends)], crs=CRS)
    out = failures(tmp_path, components(依赖设施=["", "", ""]), cable)
    assert column(out, "lifeline_fail_time")[2] == pytest.approx(5.0)
