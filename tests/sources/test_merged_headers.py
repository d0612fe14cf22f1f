"""Headers of two rows with merged cells, and records of days that are no storm."""

from pathlib import Path

import pytest

from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.tabular.header_rows import detect_header

WORDS = ("社区", "户数", "人口", "常住人口")
MERGED = [
    ["各社区人口情况表"] * 5,
    ["社区", "户数（户）", "人口（人）", "人口（人）", "人口（人）"],
    ["社区", "户数（户）", "常住人口", "其中：60岁及以上", "其中：14岁及以下"],
    ["虚舟社区", "100", "300", "60", "40"],
    ["幻湾社区", "200", "600", "90", "80"],
]


@pytest.mark.parametrize("blank", [False, True])
def test_a_total_above_its_parts_is_a_header_of_two_rows(blank: bool) -> None:
    """Merged cells come filled or blank; counted by cells, the total named three columns and its row was the header."""
    rows = [["" if blank and column and row[column - 1] == cell else cell for column, cell in enumerate(row)]
            for row in MERGED]  # fmt: skip
    found = detect_header(rows, WORDS)
    assert found.start + found.rows == 3, "the row of parts is no row of data"
    assert found.names[2].endswith("常住人口")
    assert found.names[0] == "社区"


@pytest.mark.parametrize("blank", [False, True])
def test_parts_that_no_word_knows_are_still_a_header(blank: bool) -> None:
    """The group alone was taken for the column, its first part for people: 2.9 thousand registered were 2.9 persons."""
    rows = [
        ["社区人口统计表"] * 4,
        ["社区", "人口", "" if blank else "人口", "统计日期"],
        ["" if blank else "社区", "户籍(千人)", "常住(千人)", "" if blank else "统计日期"],
        ["东社区", "2.9", "3.5", "2023.12.31"],
        ["西社区", "1.8", "2.1", "2023.12.31"],
    ]
    found = detect_header(rows, WORDS)
    assert (found.start, found.rows) == (1, 2)
    assert found.names == ("社区", "人口/户籍(千人)", "人口/常住(千人)", "统计日期")


def test_texts_below_one_row_of_names_are_data() -> None:
    for rows in ([["社区", "人口", "备注"], ["东社区", "不详", "待补"], ["西社区", "21", ""]],
                 [["社区", "", "人口"], ["东社区", "旧城", "不详"], ["西社区", "新城", "21"]]):  # fmt: skip
        assert detect_header(rows, WORDS).rows == 1


def test_a_table_of_one_row_of_names_keeps_it() -> None:
    found = detect_header([["社区", "常住人口"], ["虚舟社区", "300"], ["幻湾社区", "600"]], WORDS)
    assert (found.start, found.rows) == (0, 1)


@pytest.mark.parametrize("header", ["日期,日降雨量(mm)", "date,daily_rain"])
def test_days_of_rain_are_a_record_and_no_storm(tmp_path: Path, header: str) -> None:
    """Mixed ways to write a date are read alike."""
    rows = ["1991-01-01,0.0", "1991/1/2,0.4", "1991年1月3日,10.9", "19910104,2.0"]
    (tmp_path / "逐日降雨.csv").write_text("\n".join([header, *rows]), encoding="gb18030")
    (found,) = guess_roles(tmp_path)
    assert found.role == "daily_rain"
