"""Activity data from sheets in every layout, and what is refused: file, sheet, row, cause and remedy."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.rows.carbon import ActivityFuel, ActivityName, ActivityUnit, EmissionSector
from citybraid.core.tables import read_table
from citybraid.sources.intake.merging import merged
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import sheet
from citybraid.sources.tabular.activity_names import level, meaning, unit
from citybraid.sources.tabular.activity_parts import Node, counted
from tests.sources.planner_files import TARGET, workbook

Cells = Sequence[Sequence[Any]]
LONG: list[list[Any]] = [["年份", "部门", "能源品种", "消费量", "单位"], [2020, "居民生活", "天然气", 2.5, "亿立方米"]]


def read(folder: Path, sheets: Mapping[str, Cells], **options: object) -> Reading:
    path = workbook(folder / "能源.xlsx", sheets)
    return sheet.read(path, "activity", sheet.Options.model_validate(options), TARGET, limits=Limits())


def column(reading: Reading, name: str) -> dict[str, Any]:
    layer = next(layer for layer in reading.layers if layer.var.name == f"activity_{name}")
    return {str(line): value for line, value in layer.value.items() if value}


def told(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


def test_a_long_table_in_chinese(tmp_path: Path) -> None:
    reading = read(
        tmp_path, {"能源": [*LONG, [2020, "工业", "原煤", "1,200", "吨"], [2020, "工业", "电力", 3, "亿kWh"]]}
    )
    assert column(reading, "volume") == {"2020/residential/natural_gas/居民生活": 2.5e8}
    assert column(reading, "mass") == {"2020/industry/raw_coal/工业": 1200.0}
    assert column(reading, "energy") == {"2020/industry/electricity/工业": pytest.approx(1080.0)}
    assert "#3" in str(column(reading, "source")["2020/industry/raw_coal/工业"])


def test_a_long_table_in_english(tmp_path: Path) -> None:
    cells: Cells = [["year", "sector", "fuel", "amount", "unit"], [2021, "residential", "electricity", 5, "GWh"]]
    assert column(read(tmp_path, {"a": cells}), "energy") == {"2021/residential/electricity/residential": 18.0}


def test_years_as_columns_and_several_sheets(tmp_path: Path) -> None:
    cells: Cells = [["项目", "单位", 2018, "2019年"], ["工业", "万吨", 1, ""], ["建筑业", "吨", "NA", 7]]
    reading = read(tmp_path, {"煤": cells, "柴油": cells}, sheet="煤|柴油")
    assert column(reading, "mass") == {
        "2018/industry/raw_coal/工业": 1e4, "2019/industry/raw_coal/建筑业": 7.0,
        "2018/industry/diesel/工业": 1e4, "2019/industry/diesel/建筑业": 7.0,
    }  # fmt: skip
    assert told(read(tmp_path, {"煤": cells}))["activity.fuel_of_sheet"] == 2
    assert column(read(tmp_path, {"煤": cells, "柴油": cells}, sheet="*"), "mass") == column(reading, "mass")


def test_fuels_as_columns(tmp_path: Path) -> None:
    cells: Cells = [["年份", "汽油（吨）", "柴油（万升）"], [2011, 916, 2], [2012, 942, ""]]
    reading = read(tmp_path, {"铁路": cells}, value="rail")
    assert column(reading, "mass") == {"2011/rail/gasoline/汽油(吨)": 916.0, "2012/rail/gasoline/汽油(吨)": 942.0}
    assert column(reading, "volume") == {"2011/rail/diesel/柴油(万升)": 20.0}


def test_parts_that_add_up_count_and_totals_do_not(tmp_path: Path) -> None:
    cells: Cells = [
        ["项目", "单位", 2018, 2019], ["全社会用电总计", "亿kWh", 10, 12], ["#第一产业", "亿kWh", 1, 1],
        ["#城乡居民生活用电", "亿kWh", 9, 11], ["##城镇居民", "亿kWh", 6, ""], ["##乡村居民", "亿kWh", 3, ""],
    ]  # fmt: skip
    reading = read(tmp_path, {"电": cells}, value="electricity")
    assert {line: value / 360 for line, value in column(reading, "energy").items()} == {
        "2018/farming/electricity/第一产业": 1, "2018/residential/electricity/城镇居民": 6,
        "2018/residential/electricity/乡村居民": 3, "2019/farming/electricity/第一产业": 1,
        "2019/residential/electricity/城乡居民生活用电": 11,
    }  # fmt: skip
    assert told(reading)["activity.totals"] == 1


def test_rows_that_the_study_explains_or_leaves_out(tmp_path: Path) -> None:
    cells: Cells = [["项目", "单位", 2019], ["常规公交", "吨", 8], ["常规公交", "万升", 1], ["快线", "吨", 2]]
    with pytest.raises(InputError, match="快线"):
        read(tmp_path, {"柴油": cells})
    own = {"快线": "road/diesel", "常规公交(万升)": ""}
    reading = read(tmp_path, {"柴油": cells}, mapping=own)
    assert column(reading, "mass") == {"2019/road/diesel/常规公交": 8.0, "2019/road/diesel/快线": 2.0}
    assert told(reading)["activity.left_out"] == 1


ROW: list[Any] = [2020, "居民生活", "天然气", 2.5, "亿立方米"]
BAD: dict[str, tuple[list[Any], str]] = {
    "unknown sector": ([2020, "外星", "天然气", 1, "立方米"], "activity.unknown_sector"),
    "unknown fuel": ([2020, "工业", "反物质", 1, "吨"], "activity.unknown_fuel"),
    "no fuel": ([2020, "工业", "", 1, "吨"], "activity.no_fuel"),
    "no sector": ([2020, "", "原煤", 1, "吨"], "activity.no_sector"),
    "negative": ([2020, "工业", "原煤", -1, "吨"], "activity.negative"),
    "year 0": ([0, "工业", "原煤", 1, "吨"], "activity.year"),
    "no year": (["", "工业", "原煤", 1, "吨"], "activity.year"),
    "unit in the amount": ([2020, "工业", "原煤", "吨", 12], "activity.unknown_unit"),
    "unit of another fuel": ([2020, "工业", "电力", 1, "吨"], "activity.unit_of_other"),
    "electricity as standard coal": ([2020, "工业", "电力", 1, "吨标煤"], "activity.unit_of_other"),
    "coal by volume": ([2020, "工业", "原煤", 1, "亿立方米"], "activity.unit_of_other"),
    "no unit": ([2020, "工业", "原煤", 1, ""], "activity.no_unit"),
    "words": ([2020, "工业", "原煤", "约30", "吨"], "activity.not_a_number"),
    "a unit in the number": ([2020, "工业", "原煤", "3万吨", "吨"], "activity.not_a_number"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_taken_in_is_refused(case: str, tmp_path: Path) -> None:
    row, text = BAD[case]
    with pytest.raises(InputError) as refused:
        read(tmp_path, {"能源": [LONG[0], ROW, row]})
    problems = {problem.text: problem for problem in refused.value.problems}  # type: ignore[attr-defined]
    assert text in problems
    for language in ("zh", "en"):
        said = problems[text].say(language)
        assert "能源.xlsx" in said
        assert "能源" in said
        assert "3" in said


def test_the_same_consumption_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[2, 3\]|2, 3"):
        read(tmp_path, {"能源": [LONG[0], ROW, ROW]})
    one = read(tmp_path, {"能源": LONG})
    with pytest.raises(InputError, match="twice"):
        merged([one, one])


def test_a_table_without_amounts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="amounts"):
        read(tmp_path, {"说明": [["项目", "单位"], ["工业", "吨"]]})
    for options in (
        {"columns": {"sektor": "部门"}},
        {"columns": {"sector": "无"}},
        {"value": "月亮"},
        {"mapping": {"a": "b"}},
    ):
        with pytest.raises(InputError):
            read(tmp_path, {"能源": LONG}, **options)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=6))
def test_each_amount_counts_once_whatever_the_parts(parts: list[float]) -> None:
    total = sum(parts)
    nodes = [Node(0, total=True, amounts={"2020": total}), *(Node(1, total=False, amounts={"2020": p}) for p in parts)]
    rows = counted(nodes, ["2020"]).rows["2020"]
    assert sum(nodes[each].amounts["2020"] for each in rows) == pytest.approx(total)
    assert 0 not in rows


def test_parts_that_do_not_add_up_give_way_to_their_sector() -> None:
    nodes = [Node(0, total=False, amounts={"a": 10.0}), Node(1, total=False, amounts={"a": 4.0})]
    chosen = counted(nodes, ["a"])
    assert chosen.rows == {"a": (0,)}
    assert chosen.open_ == ((0, "a"),)


def test_names_and_units_are_known_by_code() -> None:
    sectors, fuels = {row.id for row in read_table(EmissionSector)}, {row.id for row in read_table(ActivityFuel)}
    for row in read_table(ActivityName):
        assert row.sector in sectors | {""}, row
        assert row.fuel in fuels | {""}, row
        assert row.total or row.sector or row.fuel, row
        assert meaning(row.name) is not None
    assert all(unit(row.name) == (row.quantity, row.factor) for row in read_table(ActivityUnit))
    assert (level("##城镇居民"), level("工业")) == (2, 0)
    assert unit("万 kWh") == unit("万千瓦时")


def test_a_total_whose_parts_are_not_stated_is_asked_about_and_counts(tmp_path: Path) -> None:
    """A row called so went as a total of the sheet, and with it the only number."""
    cells: Cells = [["项目", "单位", 2018], ["城乡居民生活用电合计", "亿kWh", 9], ["备注", "初步数", ""]]
    with pytest.raises(InputError, match="城乡居民生活用电合计"):
        read(tmp_path, {"电": cells}, value="electricity")
    own = {"城乡居民生活用电合计": "residential"}
    found = column(read(tmp_path, {"电": cells}, value="electricity", mapping=own), "energy")
    assert [value / 360 for value in found.values()] == [9.0]
