"""Faults of series as strangers write them: what is read has the sum worked out by hand, what is not says its row."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.intake.series_clocks import on_one_clock, with_one_clock
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited

TARGET = Target(crs="EPSG:4549", cell=5.0)
COLUMNS = {
    "storm": "rain (mm/h)", "gauge_rain": "G1 (mm/h)", "inflow_discharge": "discharge (m3/s)",
    "edge_level": "level (m)",
}  # fmt: skip
"""The values' column by role; sums over hours of 1, 2, 3 are the same for all."""
EACH = pytest.mark.parametrize("role", COLUMNS)


def read(folder: Path, role: str, times: str, rows: list[str], name: str = "s.csv", **options: str) -> Reading:
    text = "\n".join([f"{times},{COLUMNS.get(role, 'rain (mm)')}", *rows, ""])
    (folder / name).write_text(text, encoding="utf-8")
    asked = delimited.Options.model_validate(options)
    return delimited.read(folder / name, role, asked, TARGET, limits=Limits())


def total(reading: Reading) -> float:
    value = reading.layers[0].value
    return float(value.sum() * (value.index[1] - value.index[0]))


def told(reading: Reading) -> dict[str, Finding]:
    return {finding.text: finding for finding in reading.findings}


READ = {
    "blank line": ("time (h)", ["0,1", "1,2", "", "2,3"]),
    "Chinese dates": ("时间", ["2026年7月1日 8时,1", "2026年7月1日 9时,2", "2026年7月1日 10时,3"]),
    "the end of a day in Chinese": ("时间", ["2026年7月1日 22时,1", "2026年7月1日 23时,2", "2026年7月1日 24时,3"]),
    "the end of a day": ("时间", ["2026-07-01 22:00,1", "2026-07-01 23:00,2", "2026-07-01 24:00,3"]),
    "past midnight": ("时间", ["23:00,1", "24:00,2", "1:00,3"]),
    "times of day in words": ("时间", ["8时,1", "9时00分,2", "10點,3"]),
    "serial days of four digits": ("时间", ["46204.3333,1", "46204.3750,2", "46204.4167,3"]),
    "days of four digits": ("time (d)", ["0,1", "0.0417,2", "0.0833,3"]),
    "days of digits": ("时间", ["2026070108,1", "2026070109,2", "2026070110,3"]),
    "lengths": ("历时", ["0小时,1", "1小时,2", "2小时,3"]),
    "exponents": ("time (h)", ["0,1e0", "1,2.0E+0", "2,0.3e1"]),
    "an hour of twelve in Chinese": ("时间", ["2026/7/1 上午11:00,1", "2026/7/1 下午12:00,2", "2026/7/1 下午1:00,3"]),
    "hours of twelve without a date": ("时间", ["上午11:30,1", "下午12:30,2", "下午1时30分,3"]),
    "days of the week": ("时间", ["2026/7/1 星期三 8:00,1", "2026/7/1 周三 9:00,2", "2026-07-01（周三）10:00,3"]),
    "the time of Beijing": (
        "时间",
        ["2026-07-01 08:00 北京时间,1", "2026-07-01 09:00(北京时间),2", "2026-07-01 10:00,3"],
    ),
    "a time zone": ("时间", ["2026-07-01T08:00+08:00,1", "2026-07-01T09:00+08:00,2", "2026-07-01T10:00+08:00,3"]),
    "a mean below": ("time (h)", ["0,1", "1,2", "2,3", "平均,2"]),
    "a total below": ("time (h)", ["0,1", "1,2", "2,3", "合计,6"]),
}


@EACH
@pytest.mark.parametrize("case", READ)
def test_sums_are_those_of_the_file(case: str, role: str, tmp_path: Path) -> None:
    assert total(read(tmp_path, role, *READ[case])) == pytest.approx(6.0, rel=1e-9)


REFUSED = {
    "an empty cell": ("time (h)", ["0,1", "1,", "2,3"], 3),
    "NaN": ("time (h)", ["0,1", "1,NaN", "2,3"], 3),
    "infinity": ("time (h)", ["0,1", "1,inf", "2,3"], 3),
    "a word below a blank line": ("time (h)", ["0,1", "1,2", "", "2,x"], 5),
    "a bound": ("time (h)", ["0,1", "1,<2", "2,3"], 3),
    "a share": ("time (h)", ["0,1", "1,2%", "2,3"], 3),
    "a decimal comma": ("time (h)", ['0,"1,5"', '1,"2,5"'], 2),
    "a mark far below": ("time (h)", ["0,1", "1,-9999", "2,3"], 3),
    "the same time twice": ("time (h)", ["0,1", "1,2", "1,5", "2,3"], 4),
    "a time that goes back": ("time (h)", ["0,1", "2,2", "1,5", "3,3"], 4),
    "a time of day that goes back": ("时间", ["8:00,1", "10:00,2", "9:00,5", "11:00,3"], 4),
    "no time": ("时间", ["2026-07-01 08:00,1", ",2", "2026-07-01 10:00,3"], 3),
    "no such day": ("时间", ["2026-07-01 08:00,1", "2026-07-32 09:00,2"], 3),
    "spans of time": ("时间", ["8:00-9:00,1", "9:00-10:00,2"], 2),
}


@EACH
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_file_and_row(case: str, role: str, tmp_path: Path) -> None:
    times, rows, row = REFUSED[case]
    with pytest.raises(InputError) as fault:
        read(tmp_path, role, times, rows)
    assert fault.value.values["row"] == row, fault.value.say("en")
    assert "s.csv" in fault.value.say("en")
    assert "s.csv" in fault.value.say("zh")


@pytest.mark.parametrize("role", ["inflow_discharge", "storm"])
def test_flows_and_rain_below_zero_are_refused(role: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as fault:
        read(tmp_path, role, "time (h)", ["0,1", "1,-2", "2,3"])
    assert fault.value.values["row"] == 3


def test_missing_rows_are_told_with_their_place(tmp_path: Path) -> None:
    reading = read(tmp_path, "inflow_discharge", "time (h)", ["0,1", "1,2", "3,3", "4,4"])
    assert total(reading) == 1 + 2 + 2 + 3 + 4
    gap = told(reading)["intake.time_rows_missing"]
    assert (gap.values["lacking"], gap.values["rows"]) == (1, [4])
    depth = read(tmp_path, "gauge_rain", "time (h)", ["0,1", "1,2", "3,3", "4,4"], unit="mm")
    assert total(depth) == 10.0


def test_a_series_that_does_not_begin_at_zero_is_told(tmp_path: Path) -> None:
    late = told(read(tmp_path, "inflow_discharge", "time (h)", ["5,1", "6,2", "7,3"]))
    assert late["intake.time_start"].values["got"] == "5"
    assert "5" in late["intake.series_read"].say("zh")
    ends_of_steps = told(read(tmp_path, "inflow_discharge", "time (h)", ["1,1", "2,2", "3,3"]))
    assert "intake.time_start" not in ends_of_steps
    yearless = told(read(tmp_path, "inflow_discharge", "时间", ["7月1日8时,1", "7月1日9时,2"]))
    assert yearless["intake.series_read"].values["start"] == "7月1日8时"


def test_marks_and_columns_that_no_one_reads_are_told(tmp_path: Path) -> None:
    marks = told(read(tmp_path, "inflow_discharge", "time (h)", ["0,1", "1,9999", "2,3"]))
    assert marks["intake.series_marks"].values["sheet_rows"] == [3]
    (tmp_path / "s.csv").write_text("time (h),discharge (m3/s),Qualität\n0,1,gut\n1,2,gut\n", encoding="utf-8")
    reading = delimited.read(tmp_path / "s.csv", "inflow_discharge", delimited.Options(), TARGET, limits=Limits())
    assert told(reading)["intake.columns_unused"].values["columns"] == ["Qualität"]


def test_a_record_of_days_needs_dates(tmp_path: Path) -> None:
    """A time of day alone was read as one of the day on which the program ran."""
    with pytest.raises(InputError) as fault:
        read(tmp_path, "daily_rain", "时间", ["22:00,1", "23:00,2", "00:00,3"])
    assert (fault.value.text, fault.value.values["row"]) == ("intake.time_no_date", 2)


def test_a_year_of_the_republic_is_asked_for(tmp_path: Path) -> None:
    """A record of 115/07/01 was one of the year 115."""
    with pytest.raises(InputError) as fault:
        read(tmp_path, "daily_rain", "日期", ["115/07/01,1", "115/07/02,2"])
    assert (fault.value.text, fault.value.values["year"]) == ("intake.time_year_early", 2026)


def test_unknown_rain_of_a_record_is_told_with_its_rows(tmp_path: Path) -> None:
    days = ["2026-07-01,1", "2026-07-02,-3", "2026-07-03,晴", "2026-07-03,2", "2026-07-04,4"]
    findings = told(read(tmp_path, "daily_rain", "日期", days))
    assert findings["intake.rain_record_odd"].values["sheet_rows"] == [3]
    assert findings["intake.cell_no_number"].values["sheet_rows"] == [4]
    assert findings["intake.rain_record_twice"].values["sheet_rows"] == [5]


def level_of(reading: Reading) -> list[float]:
    return [round(float(each), 6) for each in reading.layers[0].value]


def placed(*readings: Reading) -> tuple[list[Reading], list[str]]:
    """Readings on one clock, and what is told of it."""
    after = on_one_clock(readings)
    return after, [
        note.text for one, was in zip(after, readings, strict=True) for note in one.findings[len(was.findings) :]
    ]


RAIN = [f"2026-07-02 {hour:02d}:00,1" for hour in range(8, 12)]


def test_dated_series_count_from_the_start_of_the_rain(tmp_path: Path) -> None:
    """A tide from midnight of the day before met the rain of eight o'clock at its own first row."""
    rain = read(tmp_path, "storm", "时间", RAIN, "雨.csv", event="e")
    days = [f"2026-07-{1 + hour // 24:02d} {hour % 24:02d}:00,{hour}" for hour in range(48)]
    level = read(tmp_path, "edge_level", "时间", days, "位.csv")
    after, told_of = placed(rain, level)
    assert told_of == ["intake.series_early"]
    assert level_of(after[1]) == [float(hour) for hour in range(32, 48)]
    assert list(after[1].layers[0].value.index[:3]) == [0.0, 1.0, 2.0]
    assert after[0] is rain
    assert after[1].findings[-1].values["hours"] == 32.0


def test_flows_that_begin_half_a_step_late_keep_their_volume(tmp_path: Path) -> None:
    rain = read(tmp_path, "storm", "时间", RAIN, "雨.csv", event="e")
    flow = read(tmp_path, "inflow_discharge", "时间", ["2026-07-02 09:30,1", "2026-07-02 10:30,2"], "流.csv", event="e")
    after, told_of = placed(rain, flow)
    assert told_of == ["intake.series_late", "intake.series_ends"]
    assert total(after[1]) == pytest.approx(3.0)
    assert level_of(after[1]) == [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    level = read(tmp_path, "edge_level", "时间", ["2026-07-02 09:00,2", "2026-07-02 10:00,4"], "位.csv", event="e")
    after, told_of = placed(rain, level)
    assert told_of == ["intake.series_late_level", "intake.series_ends_level"]
    assert level_of(after[1]) == [2.0, 2.0, 4.0]


def test_dates_of_the_day_first_are_those_of_the_file(tmp_path: Path) -> None:
    """The first row alone, 02/07/2026, may as well be of February."""
    days = [f"{2 + hour // 24:02d}/07/2026 {hour % 24:02d}:00,1" for hour in range(24 * 12)]
    rain = read(tmp_path, "storm", "时间", RAIN, "雨.csv", event="e")
    after, _ = placed(rain, read(tmp_path, "inflow_discharge", "时间", days, "流.csv"))
    assert after[1].findings[-1].values["hours"] == 8.0


def test_series_that_cannot_be_placed_are_told(tmp_path: Path) -> None:
    rain = read(tmp_path, "storm", "时间", RAIN, "雨.csv", event="e")
    second = read(tmp_path, "storm", "时间", [row.replace("07-02", "08-02") for row in RAIN], "二.csv", event="f")
    flow = read(tmp_path, "inflow_discharge", "时间", ["2025-07-02 06:00,1", "2025-07-02 07:00,2"], "流.csv")
    after, told_of = placed(rain, flow)
    assert told_of == ["intake.series_apart", "intake.series_ends"]
    assert after[1].layers == flow.layers
    both = read(tmp_path, "edge_level", "时间", ["2026-07-02 06:00,1", "2026-08-02 09:00,2"], "位.csv")
    assert placed(rain, second, both)[1][:2] == ["intake.series_events"] * 2
    other = read(tmp_path, "edge_level", "time (h)", ["0,1", "1,2"], "位.csv", event="other")
    assert placed(rain, other)[1] == []
    undated = read(tmp_path, "edge_level", "time (h)", ["0,1", "1,2"], "位.csv")
    assert placed(rain, undated)[1] == ["intake.series_ends_level"]
    yearless = read(tmp_path, "edge_level", "时间", [f"7月2日{hour}时,1" for hour in range(6, 10)], "位.csv")
    assert placed(rain, yearless)[1] == []


def test_a_model_command_places_its_series_too(tmp_path: Path) -> None:
    rain = read(tmp_path, "storm", "时间", RAIN, "雨.csv", event="e")
    level = read(tmp_path, "edge_level", "时间", ["2026-07-02 06:00,1", "2026-07-02 10:00,5"], "位.csv")
    given = {"rain": rain.layers[0].value, "levels": {"west": level.layers[0].value}, "manning": 0.03}
    arguments, notes = with_one_clock(given, [rain, level])
    assert list(arguments["levels"]["west"])[:2] == [3.0, 5.0]
    assert arguments["rain"] is given["rain"]
    assert [note.text for note in notes] == ["intake.series_early"]


@EACH
def test_a_time_beyond_all_numbers_is_refused(role: str, tmp_path: Path) -> None:
    """1e400 is infinite as a number: a series of it ended in a traceback."""
    with pytest.raises(InputError) as fault:
        read(tmp_path, role, "time (h)", ["0,1", "1,2", "1e400,3"])
    assert "s.csv" in fault.value.say("en")


@pytest.mark.parametrize(
    ("rain_zone", "zone", "hours", "text"),
    [("+08:00", "Z", 2.0, "intake.series_late_level"), ("Z", "Z", 6.0, "intake.series_early"),
     ("", "", 6.0, "intake.series_early"), ("", "+08:00", 6.0, "intake.series_zone")],
)  # fmt: skip
def test_time_zones_count_where_series_meet(
    rain_zone: str, zone: str, hours: float, text: str, tmp_path: Path
) -> None:  # fmt: skip
    """A tide in universal time met rain of Beijing's clock eight hours late, without a word."""
    rain = read(tmp_path, "storm", "时间", [f"2026-07-02T{h:02d}:00{rain_zone},1" for h in range(8, 12)], "雨.csv")
    days = [f"2026-07-02T{hour:02d}:00{zone},{hour}" for hour in range(2, 12)]
    after, told_of = placed(rain, read(tmp_path, "edge_level", "时间", days, "位.csv"))
    assert told_of[0] == text
    moved = next(note for note in after[1].findings if note.text in ("intake.series_early", "intake.series_late_level"))
    assert moved.values["hours"] == hours
