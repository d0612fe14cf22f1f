"""Dates without a year: read where the file states one, told; refused where the year decides and nobody states it."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.event_series import event_series
from citybraid.sources.series.monthless import months_in
from citybraid.sources.series.yearless import years_in
from citybraid.sources.tabular.cells import cells_reading, header_names
from citybraid.sources.tabular.sheets import SHEET, table

JULY = ("7月3日 14:00", "7月3日 14:10", "7月3日 14:20", "7月3日 14:30")


def read(role: str, name: str, dates: tuple[str, ...], *, title: str = "", sheet: str = "") -> Reading:
    rows = [["时间", "雨量(mm)"], *([date, "1.5"] for date in dates)]
    cells = table([[title], *rows] if title else rows, role, name=name, words=header_names(role)).frame
    cells.attrs[SHEET] = sheet
    return cells_reading(cells, role, CellOptions(), Target("EPSG:4549", 10.0), name=name)


def told(reading: Reading, text: str) -> dict[str, object]:
    return next(dict(each.values) for each in reading.findings if each.text == text)


@pytest.mark.parametrize(
    ("name", "title", "sheet"),
    [("2021年7月降雨.csv", "", ""), ("降雨.csv", "某站2021年7月3日暴雨", ""), ("降雨.xlsx", "", "20210703"),
     ("rain_2021-07.csv", "", "2021")],
)  # fmt: skip
def test_the_only_year_that_a_file_states_is_read_and_told(name: str, title: str, sheet: str) -> None:
    found = read("storm", name, JULY, title=title, sheet=sheet)
    assert told(found, "intake.time_year_found") == {"name": name, "example": JULY[0], "year": 2021}
    assert found.layers[0].value.tolist() == pytest.approx([9.0] * 4), "1.5 mm in ten minutes"


def test_a_record_is_placed_in_that_year_or_refused() -> None:
    days = tuple(f"{month}月{day}日" for month, day in ((2, 27), (2, 28), (2, 29), (3, 1)))
    read_in = told(read("daily_rain", "2024年.csv", days), "intake.rain_record_read")
    assert (read_in["first"], read_in["last"], read_in["unknown"]) == ("2024-02-27", "2024-03-01", 0)
    for name in ("降雨.csv", "2023-2024.csv"):
        with pytest.raises(InputError, match="no year of four digits"):
            read("daily_rain", name, days)
    with pytest.raises(InputError, match="row 4"):
        read("daily_rain", "2023年.csv", days)


@pytest.mark.parametrize(
    "dates",
    [JULY, ("7/3 14:00", "7/3 14:10", "7/3 14:20"), ("30/7 23:50", "31/7 0:00", "31/7 0:10"),
     ("Jul 3 14:00", "Jul 3 14:10", "Jul 3 14:20"), ("12月31日 23:50", "1月1日 0:00", "1月1日 0:10"),
     ("7月3日 23时50分", "7月3日 24:00", "7月4日 0时10分")],
)  # fmt: skip
def test_an_event_needs_no_year_for_the_time_between_its_rows(dates: tuple[str, ...]) -> None:
    found = read("storm", "降雨.csv", dates)
    assert "year" in told(found, "intake.time_year_open")
    assert np.diff(found.layers[0].value.index) == pytest.approx(1 / 6)


def test_an_event_over_the_end_of_february_needs_one() -> None:
    dates = ("2月28日 23:00", "3月1日 0:00", "3月1日 1:00")
    with pytest.raises(InputError, match="no year of four digits"):
        read("storm", "降雨.csv", dates)
    assert len(read("storm", "2023.csv", dates).layers[0].value) == 3


@pytest.mark.parametrize("date", ["21/7/3", "03-07-21", "7-3 14:00"])
def test_no_year_is_made_up_of_two_digits_or_of_none(date: str) -> None:
    """A reader of dates would take this year, or the month for the day."""
    with pytest.raises(InputError, match="no year of four digits") as fault:
        read("daily_rain", "降雨.csv", (date, date))
    assert date in fault.value.say("zh")
    assert "2021-07-03" in fault.value.say("zh"), "it says how to write it"


def test_years_are_no_part_of_longer_numbers() -> None:
    assert years_in("站号320211", "20210703", "2021年") == [2021]
    assert years_in("5202120") == []


@pytest.mark.parametrize(
    ("columns", "hours"),
    [
        ({"时间": ["0分钟", "10分钟", "20分钟"]}, 1 / 6), ({"时间": ["0秒", "600秒", "20分钟"]}, 1 / 6),
        ({"历时": ["0小时0分", "0小时30分", "1小时"]}, 0.5), ({"time": ["0 min", "90 min", "3 h"]}, 1.5),
        ({"小时": ["0", "0", "1"], "分钟": ["0", "30", "0"]}, 0.5), ({"分钟": ["0", "10", "20"]}, 1 / 6),
        ({"秒": ["0", "600", "1200"]}, 1 / 6),
    ],
)  # fmt: skip
def test_lengths_of_time_carry_their_unit_in_cells_or_stand_in_two_columns(
    columns: dict[str, list[str]], hours: float
) -> None:
    frame = pd.DataFrame({**columns, "流量(m3/s)": ["1", "2", "1"]}, dtype=object)
    series = event_series(frame, "inflow_discharge", CellOptions(), name="q.csv").layers[0].value
    assert series.index.tolist() == pytest.approx([0.0, hours, 2 * hours])


DAYS = ("03日14时", "03日15时", "03日16时00分")
"""Days of a month that the cells do not name."""


@pytest.mark.parametrize(
    ("name", "title"),
    [("2021年7月降雨.csv", ""), ("降雨.csv", "某站2021年7月暴雨"), ("rain_2021-07.csv", ""), ("20210703.csv", "")],
)
def test_the_month_that_a_file_states_is_read_and_told(name: str, title: str) -> None:
    found = read("storm", name, DAYS, title=title)
    assert told(found, "intake.time_month_found") == {"name": name, "example": DAYS[0], "month": 7}
    assert told(found, "intake.time_year_found")["year"] == 2021
    assert found.layers[0].value.tolist() == pytest.approx([1.5] * 3), "1.5 mm an hour"


def test_days_of_a_record_are_placed_in_their_month_or_refused() -> None:
    days = ("30日", "31日", "1日", "2日")
    read_in = told(read("daily_rain", "2021年7月.csv", days), "intake.rain_record_read")
    assert (read_in["first"], read_in["last"]) == ("2021-07-30", "2021-08-02")
    over = told(read("daily_rain", "2021年7月30日至8月2日.csv", days), "intake.rain_record_read")
    assert (over["first"], over["last"]) == ("2021-07-30", "2021-08-02")
    for name in ("2021年.csv", "2021年3月和7月.csv"):
        with pytest.raises(InputError, match="days without a month") as fault:
            read("daily_rain", name, days)
        assert "2021-07-03" in fault.value.say("zh"), "it says how to write it"
    with pytest.raises(InputError, match="row 2"):
        read("daily_rain", "2021年7月.csv", ("32日", "33日"))


def test_an_event_needs_no_month_unless_it_passes_the_end_of_a_shorter_one() -> None:
    found = read("storm", "降雨.csv", ("3日14:00", "3日14:10", "3日14:20"))
    assert "month" in told(found, "intake.time_month_open")
    assert np.diff(found.layers[0].value.index) == pytest.approx(1 / 6)
    over = read("storm", "降雨.csv", ("31日23:50", "1日0:00", "1日 0:10"))
    assert np.diff(over.layers[0].value.index) == pytest.approx(1 / 6)
    with pytest.raises(InputError, match="days without a month"):
        read("storm", "降雨.csv", ("30日23:50", "1日0:00", "1日0:10"))


def test_months_are_no_part_of_other_numbers() -> None:
    assert months_in("2021年12月", "12月") == [12]
    assert months_in("站号320211", "3号雨量站", "2021年", "A07") == []
