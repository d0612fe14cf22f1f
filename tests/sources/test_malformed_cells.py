"""Units, headers, numbers and rows that are not what they seem: each is told or refused, none read in silence."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from shapely.geometry import Point

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.fenced.intake_run import IntakeOptions
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from tests.commands import citybraid
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, buildings, parcels, raster, square

Taker = Callable[..., Intake]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Sandbox]]:
    """A folder and the one process that reads it."""
    folder = tmp_path_factory.mktemp("malformed")
    with Sandbox(folder) as sandbox:
        yield folder, sandbox


@pytest.fixture
def take(place: tuple[Path, Sandbox]) -> Taker:
    folder, sandbox = place

    def taken(**files: Any) -> Intake:
        entries = {role: given if isinstance(given, FileSpec) else stored(folder, role, given)
                   for role, given in files.items()}  # fmt: skip
        rules = Rules(TARGET, region="CN", currency="CNY")
        return take_in(entries, TARGET, root=folder, rules=rules, conduct=IntakeOptions(sandbox=sandbox))

    return taken


def stored(folder: Path, name: str, frame: gpd.GeoDataFrame) -> FileSpec:
    (folder / f"{name}.gpkg").unlink(missing_ok=True)
    frame.to_file(folder / f"{name}.gpkg")
    return FileSpec(path=f"{name}.gpkg")


def plots(**columns: object) -> gpd.GeoDataFrame:
    return parcels()[["地块编号", "用地代码", "geometry"]].assign(**columns)


def homes(**columns: object) -> gpd.GeoDataFrame:
    return buildings()[["编号", "用途", "geometry"]].assign(**columns)


def units(**columns: object) -> gpd.GeoDataFrame:
    shapes = [square(0, 0), square(1, 0)]
    return gpd.GeoDataFrame({"unit_name": ["甲", "乙"], **columns}, geometry=shapes, crs=CRS)


def told(intake: Intake, text: str) -> Finding:
    (found,) = [each for each in intake.findings if each.text == text]
    for language in ("en", "zh"):
        assert "{" not in found.say(language)
    return found


def column(intake: Intake, name: str) -> list[float]:
    return next(layer.value.tolist() for layer in intake.layers if layer.var.name == name)


def refused(take: Taker, text: str, **files: Any) -> PlanError:
    with pytest.raises((InputErrors, PlanError)) as caught:
        take(**files)
    problems = caught.value.problems if isinstance(caught.value, InputErrors) else [caught.value]
    return next(each for each in problems if each.text == text)


def sheet(place: tuple[Path, Sandbox], sheets: dict[str, list[list[object]]], **hide: object) -> FileSpec:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    for title, what in hide.items():
        if what == "sheet":
            book[title].sheet_state = "hidden"
        else:
            book[title].row_dimensions[3].hidden = True
            book[title].column_dimensions["C"].hidden = True
    book.save(place[0] / "controls.xlsx")
    return FileSpec(path="controls.xlsx", role="parcels")


def test_shares_under_a_header_of_percent_are_doubted(take: Taker) -> None:
    found = take(parcels=plots(**{"绿地率(%)": [0.35, 0.3, 0.8, 0.25]}))
    assert told(found, "intake.percent_tiny").kind == "warning"
    assert column(found, "green_ratio")[0] == pytest.approx(0.0035)
    assert not [each for each in take(parcels=plots(**{"绿地率(%)": [35, 0.8, 0, 25]})).findings
                if each.text == "intake.percent_tiny"]  # fmt: skip


def test_shares_among_percentages_are_doubted(take: Taker) -> None:
    assert told(take(parcels=plots(绿地率=[35, 0.30, 40, 0.25])), "intake.percent_mixed").count == 2


def test_density_and_floor_area_ratio_in_each_other_s_column_are_doubted(take: Taker) -> None:
    found = take(parcels=plots(容积率=[28, 25, 22, 30], 建筑密度=[2.0, 3.5, 1.2, 2.2]))
    assert told(found, "intake.contradictions_far_storeys").count == 4
    right = take(parcels=plots(容积率=[2.0, 3.5, 1.2, 2.2], 建筑密度=[28, 25, 22, 30]))
    assert not [each for each in right.findings if each.text == "intake.contradictions_far_storeys"]


def test_a_first_row_of_ones_is_data_and_no_row_of_units(take: Taker, place: tuple[Path, Sandbox]) -> None:
    """Plot 1 with a ratio of 1 went into the header as 地块编号(1), and was lost."""
    rows: list[list[object]] = [["地块编号", "容积率"], [1, 1], [2, 3.0], [3, 2.0], [4, 2.5]]
    shapes = plots(地块编号=["1", "2", "3", "4"])
    assert column(take(parcels=shapes, controls=sheet(place, {"指标": rows})), "floor_area_ratio") == [1, 3, 2, 2.5]
    rows.insert(1, ["", "1"])
    rows[0].append("用地面积")
    rows[1].append("公顷")
    for row in rows[2:]:
        row.append(1.0)
    found = take(parcels=shapes, controls=sheet(place, {"指标": rows}))
    assert column(found, "floor_area_ratio") == [1, 3, 2, 2.5]


def test_hidden_rows_and_columns_are_told(take: Taker, place: tuple[Path, Sandbox]) -> None:
    rows: list[list[object]] = [
        ["地块编号", "容积率", "绿地率"],
        ["A-01", 1.0, 0.3],
        ["A-02", 3.0, 0.3],
        ["B-01", 1, 0.4],
    ]
    found = told(take(parcels=plots(), controls=sheet(place, {"指标": rows}, 指标="rows")), "intake.sheet_hidden_rows")
    assert (found.count, dict(found.values)["columns"]) == (1, 1)


def test_a_table_on_a_hidden_sheet_is_named_where_the_others_hold_none(
    take: Taker, place: tuple[Path, Sandbox]
) -> None:
    rows: list[list[object]] = [["地块编号", "容积率"], ["A-01", 1.0]]
    pages = {"说明": [["说明"], ["本表"]], "指标": rows}
    problem = refused(take, "intake.sheets_hidden", parcels=plots(), controls=sheet(place, pages, 指标="sheet"))  # type: ignore[arg-type]
    assert "指标" in problem.say("en")


def test_floors_and_heights_of_zero_state_nothing(take: Taker) -> None:
    found = take(parcels=plots(), buildings=homes(层数=[6, 0, 8, 0, 11], 高度=[18.0, 12.0, 0.0, 0.0, 33.0]))
    assert sorted(each.count for each in found.findings if each.text == "intake.form_zero") == [2, 2]
    assert min(column(found, "floors")) >= 1.0
    assert min(column(found, "height")) > 2.0


def test_classes_that_were_averaged_are_refused(take: Taker, place: tuple[Path, Sandbox]) -> None:
    raster(place[0] / "cover.tif", np.full((80, 80), 30.5, "float32"))
    problem = refused(take, "intake.class_fraction", parcels=plots(), land_cover=FileSpec(path="cover.tif"))
    assert "30.5" in problem.say("zh")


def test_a_range_without_a_unit_is_said_without_one(take: Taker, place: tuple[Path, Sandbox]) -> None:
    raster(place[0] / "trees.tif", np.full((80, 80), 250, "uint8"))
    said = refused(take, "intake.raster_impossible", parcels=plots(), canopy_cover=FileSpec(path="trees.tif")).say("en")
    assert "outside 0 to 1." in said
    assert "one of %, ‰, 1" in said


def test_points_where_areas_are_needed_are_told_as_such(take: Taker) -> None:
    points = gpd.GeoDataFrame({"层数": [3]}, geometry=[Point(WEST + 5, SOUTH + 5)], crs=CRS)
    assert "of the kind needed" in refused(take, "intake.layer_empty", parcels=plots(), buildings=points).say("en")


def daily(place: tuple[Path, Sandbox], cells: Callable[[int], str], more: str = "") -> FileSpec:
    rows = "".join(f"{dt.date(2020, 1, 1) + dt.timedelta(at)},{cells(at)}\n" for at in range(40))
    (place[0] / "days.csv").write_text(f"日期,降雨量(mm)\n{rows}{more}", encoding="utf-8")
    return FileSpec(path="days.csv", role="daily_rain")


def test_a_day_that_stands_twice_is_told(take: Taker, place: tuple[Path, Sandbox]) -> None:
    """Saying it ended in a TypeError: the finding had its count twice."""
    found = take(parcels=plots(), days=daily(place, lambda _: "2", "2020-01-05,90\n"))
    assert told(found, "intake.rain_record_twice").count == 1


def test_days_that_are_no_numbers_are_told(take: Taker, place: tuple[Path, Sandbox]) -> None:
    found = told(
        take(parcels=plots(), days=daily(place, lambda at: "T" if at % 5 == 0 else "2")), "intake.cell_no_number"
    )
    assert (found.layer, found.count) == ("daily_rain", 8)


def test_people_in_thousands_without_saying_so_are_doubted(take: Taker) -> None:
    assert told(take(units=units(population=[1.234, 2.345])), "intake.people_fraction").kind == "warning"
    assert not [each for each in take(units=units(population=[12.0, 34.0])).findings
                if each.text == "intake.people_fraction"]  # fmt: skip


def test_more_old_people_than_people_is_a_contradiction(take: Taker) -> None:
    people = units(population=[100, 200], **{"65岁及以上人口": [150, 20]})
    found = take(units=people, parcels=plots(), buildings=homes(层数=[6] * 5))
    assert told(found, "intake.contradictions_old_people").count == 1
    (row,) = [each for each in found.contradictions if each.text == "intake.contradiction_old_people"]
    assert (row.stated, row.computed) == (150.0, 100.0)


@pytest.mark.slow
def test_the_command_line_tells_them_and_refuses_what_it_must(tmp_path: Path) -> None:
    """A day twice, shares under percent and a control in metres, in one study: an error first, then two findings."""
    head = ('[study]\nname = "a"\ntitle = { zh = "甲", en = "A" }\ncrs = "EPSG:4549"\nregion = "CN-ZJ"\nyear = 2025\n'
            'resolution = 5\n[files.parcels]\npath = "p.gpkg"\n[files.daily_rain]\npath = "days.csv"\n'
            '[alternatives.as_is]\ntitle = { zh = "现状", en = "Existing" }\n')  # fmt: skip
    (tmp_path / "study.toml").write_text(head, encoding="utf-8")
    (tmp_path / "days.csv").write_text("日期,降雨量(mm)\n2020-01-01,2\n2020-01-02,3\n2020-01-02,9\n", encoding="utf-8")
    plots(**{"绿地率(%)": [0.35, 0.3, 0.8, 0.25], "容积率(m)": [2.0] * 4}).to_file(tmp_path / "p.gpkg")
    words = ("check", "study.toml", "--lang", "en", "--no-report")
    stopped = citybraid(*words, folder=tmp_path)
    assert stopped.returncode == 2
    assert 'columns = { floor_area_ratio = "" }' in stopped.stdout + stopped.stderr
    (tmp_path / "p.gpkg").unlink()
    plots(**{"绿地率(%)": [0.35, 0.3, 0.8, 0.25], "容积率": [2.0] * 4}).to_file(tmp_path / "p.gpkg")
    done = citybraid(*words, folder=tmp_path)
    assert done.returncode == 0
    assert "no number of it is above 0.8" in done.stdout
    assert "Ready" in done.stdout
