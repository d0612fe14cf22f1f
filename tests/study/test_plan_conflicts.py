"""Contradictions of a plan's controls, from a planner's file to the message of `check`, in both languages."""

from pathlib import Path

import geopandas as gpd
import pytest

from citybraid.sources.protocol.problem import Problem
from citybraid.store.store import Store
from citybraid.study.explain.checking import check
from citybraid.study.open.open_study import open_study
from tests.commands import citybraid
from tests.study.made_study import Made


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine parcels of ratio 1.5 at 30 %: one may be 12 m high, on one density and green exceed the plot."""
    path = Made(tmp_path_factory.mktemp("plan"), ("parcels", "terrain", "land_cover")).written()
    parcels = gpd.read_file(path.parent / "parcels.gpkg")
    parcels["land_use"] = "070102"
    parcels["建筑限高"], parcels["绿地率"] = 24.0, 0.35
    parcels.loc[0, "建筑限高"] = 12.0
    parcels.loc[1, "绿地率"] = 0.75
    parcels["status"] = "built"
    parcels.loc[2:3, "status"], parcels.loc[2, "建筑限高"], parcels.loc[3, "建筑限高"] = "planned", 90.0, 79.9
    parcels.to_file(path.parent / "parcels.gpkg")
    return path


def test_each_is_told_at_its_parcel_with_the_smallest_change(study: Path, tmp_path: Path) -> None:
    """Four storeys of 3 m at 30 %: 1.2 < 1.5; 15 m hold five. 30 % + 75 %: green to 70 % is the smaller change."""
    seen = check(open_study(study), Store(tmp_path / "store"), rehearsed=False).seen
    assert seen.taken is not None
    told = {each.row: each for each in seen.taken.problems if each.text.startswith("plan_conflict.")}
    assert sorted(told) == ["P00", "P01", "P02"]
    assert told["P02"].say("zh").endswith("最小修改：建筑高度 90.0 m → 79.9 m。")
    assert "is against a clause: New housing stays below 80 m (MOHURD city check list 2021)" in told["P02"].say("en")
    assert (
        told["P00"]
        .say("en")
        .endswith("below the height limit is 1.20. Smallest change: Building height 12.0 m → 15.0 m.")
    )
    assert told["P01"].say("zh").endswith("绿地率之和为 105.0 %，超过用地。最小修改：绿地率 75.0 % → 70.0 %。")
    assert not told["P00"].mended
    assert told["P00"].shape.area == pytest.approx(8100.0)


def test_it_is_kept_by_a_run_s_record(study: Path, tmp_path: Path) -> None:
    seen = check(open_study(study), Store(tmp_path / "store"), rehearsed=False).seen
    assert seen.taken is not None
    problem = next(each for each in seen.taken.problems if each.text == "plan_conflict.conflict_storeys")
    again = Problem.of(problem.record())
    assert [again.say(language) for language in ("zh", "en")] == [problem.say(language) for language in ("zh", "en")]


def test_the_command_lists_them_and_the_page_names_them(study: Path, tmp_path: Path) -> None:
    done = citybraid("check", str(study), "--out", str(tmp_path / "intake"), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Controls of parcels that contradict each other or a clause (3):" in done.stdout
    listed = [line for line in done.stdout.splitlines() if line.startswith("≠ Parcels P0")]
    assert [line.split()[2] for line in listed[:3]] == ["P00:", "P01:", "P02:"]
    assert all("Smallest change: " in line for line in listed[:3])
    assert "Geometry errors" not in done.stdout, "a contradiction of controls is none"
    page = next((tmp_path / "intake").rglob("*.html")).read_text(encoding="utf-8")
    assert "floor area ratio, density and height contradict each other" in page
    assert "容积率、密度与限高矛盾" in page


FIGURES = """
[[plan_figures]]
indicator = "耕地保有量"
unit = "公顷"
stated = 5.0
handed_down = 7.0
source = "上级规划表 3"
[[plan_figures]]
indicator = "常住人口规模"
unit = "万人"
stated = 5.5
handed_down = 5.0
source = "上级规划表 1"
[[plan_figures]]
indicator = "water_use"
unit = "10^8 m3"
stated = 1.8
handed_down = 1.9
"""


def test_what_the_plan_above_and_the_layers_say_otherwise_is_told_before_a_run(tmp_path: Path) -> None:
    """One of nine parcels of 90 m is fields: 0.81 ha for the 5 of the text, of which the plan above asks 7."""
    path = Made(tmp_path, ("parcels", "terrain", "land_cover")).written()
    parcels = gpd.read_file(tmp_path / "parcels.gpkg")
    parcels["land_use"] = "070102"
    parcels.loc[2, "land_use"] = "0101"
    parcels.to_file(tmp_path / "parcels.gpkg")
    path.write_text(path.read_text(encoding="utf-8") + FIGURES, encoding="utf-8")
    seen = check(open_study(path), Store(tmp_path / "store"), rehearsed=False).seen
    assert seen.taken is not None
    found = [each for each in seen.taken.contradictions if each.layer == "plan_figures"]
    told = {each.text: (each.stated, each.computed, each.unit, each.values["source"]) for each in found}
    assert told == {
        "plan_figure.above_at_least": (5.0, 7.0, "公顷", "上级规划表 3"),
        "plan_figure.below_layers": (5.0, pytest.approx(0.81), "公顷", "上级规划表 3"),
        "plan_figure.above_differs": (5.5, 5.0, "万人", "上级规划表 1"),
    }, "less water than the most is no contradiction"
    said = {language: " ".join(each.say(language) for each in found) for language in ("zh", "en")}
    assert "上级规划下达不少于 7 公顷（出处：上级规划表 3；允许误差 1 公顷）" in said["zh"]
    assert "the plan above hands down 7 公顷 as the least" in said["en"]
