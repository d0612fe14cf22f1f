"""Years of the Buddhist Era in files of Thailand, and of nowhere else unless they say so."""

from pathlib import Path
from typing import Literal

import pandas as pd
import pytest

from citybraid.core.text import CATALOGUE_LANGUAGES
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.series.times import row_stamps
from citybraid.sources.text.calendars import common_dates, common_years, of_region
from tests.sources.planner_files import TARGET, buildings

CELLS = pd.Series(["2540", "พ.ศ. 2550", "๒๕๓๐", "1999", ""])


def read(cells: pd.Series, calendar: Literal["", "buddhist", "gregorian"], header: str = "year_built") -> list[str]:
    return [str(each) for each in common_years(cells, calendar, layer="buildings", header=header).cells]


def test_years_of_the_era_are_read_where_it_is_said() -> None:
    assert read(CELLS, "buddhist") == ["1997", "2007", "1987", "1999", ""]
    assert read(CELLS, "") == ["2540", "2007", "๒๕๓๐", "1999", ""], "a cell says it of itself alone"
    assert read(CELLS, "", "ปีที่สร้าง (พ.ศ.)") == ["1997", "2007", "1987", "1999", ""]
    assert read(CELLS, "gregorian") == list(CELLS)


def test_what_was_read_and_what_was_not_is_told() -> None:
    told = common_years(CELLS, "", layer="buildings", header="year_built").findings
    assert [(each.kind, each.text, each.count) for each in told] == [
        ("guessed", "intake.years_buddhist", 1), ("advice", "intake.years_late", 2),
    ]  # fmt: skip
    assert all(each.say(language) for each in told for language in CATALOGUE_LANGUAGES)
    assert not common_years(pd.Series(["1999", "2026-07", "24 m", ""]), "", layer="", header="year").findings


def test_dates_and_years_of_series_are_read_alike() -> None:
    table = pd.DataFrame({
        "เวลา": ["2567-05-01 00:00", "2567-05-01 01:00"], "date": ["13/05/2567", "14/05/2567"], "ปี": [2566, 2567],
        "plot": ["2540", "2541"],
    })  # fmt: skip
    read_table, told = common_dates(table, "buddhist", layer="storm")
    assert list(read_table["เวลา"]) == ["2024-05-01 00:00", "2024-05-01 01:00"]
    assert list(row_stamps(read_table["date"], name="")) == [pd.Timestamp("2024-05-13"), pd.Timestamp("2024-05-14")]
    assert list(read_table["ปี"]) == ["2023", "2024"]
    assert list(read_table["plot"]) == ["2540", "2541"], "a number is no year"
    assert len(told) == 3
    assert common_dates(table, "", layer="storm")[0] is table


def taken(root: Path, region: str, calendar: Literal["", "buddhist", "gregorian"] = "") -> Intake:
    frame = buildings()
    frame.insert(0, "year_built", ["2540", *["2535"] * (len(frame) - 1)])
    frame = frame[["year_built", frame.geometry.name]]
    frame.to_file(root / "อาคาร.geojson")
    files = {"buildings": FileSpec(path="อาคาร.geojson", calendar=calendar)}
    return take_in(files, TARGET, root=root, rules=Rules(TARGET, region=region))


@pytest.mark.parametrize(
    ("region", "calendar", "text"),
    [
        ("TH", "", "intake.years_buddhist"), ("CN", "buddhist", "intake.years_buddhist"),
        ("CN", "", "intake.years_late"), ("TH", "gregorian", "intake.cell_no_number"),
    ],
)  # fmt: skip
def test_a_study_of_thailand_reads_them_and_another_one_only_where_asked(
    tmp_path: Path, region: str, calendar: Literal["", "buddhist", "gregorian"], text: str
) -> None:
    intake = taken(tmp_path, region, calendar)
    told = [each.text for each in intake.findings]
    assert text in told
    years = {year for layer in intake.layers if layer.var.name == "year_built" for year in layer.value}
    if text == "intake.years_buddhist":
        assert years == {1992.0, 1997.0}
    else:
        assert not years
        assert "intake.cell_no_number" in told


def test_regions_have_a_calendar() -> None:
    assert of_region("TH") == of_region("TH-10") == "buddhist"
    assert of_region("CN-ZJ") == of_region("") == of_region("THX") == ""
