"""Times and units of every series, as planners write them in Chinese and English: one reader for all of them."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import role_of
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.rain import storm_reading
from citybraid.sources.series.times import RowTimes, is_time_unit, row_stamps, row_times, time_unit
from citybraid.sources.tabular.cells import cells_reading

TARGET = Target(crs="EPSG:4549", cell=5.0)
QUARTERS = {
    "minutes": ["0", "15", "30"], "time (min)": ["0", "15", "30"], "分钟": ["0", "15", "30"],
    "历时(分钟)": ["0", "15", "30"], "历时分钟": ["0", "15", "30"], "时间min": ["0", "15", "30"],
    "time_min": ["0", "15", "30"], "seconds": ["0", "900", "1800"], "秒": ["0", "900", "1800"],
    "time_s": ["0", "900", "1800"], "时间（秒）": ["0", "900", "1800"], "elapsed seconds": ["60", "960", "1860"],
    "hour": ["0", "0.25", "0.5"], "h": ["0", "0.25", "0.5"], "hour (h)": ["0", "0.25", "0.5"],
    "hours": ["7", "7.25", "7.5"], "小时": ["0", "0.25", "0.5"], "时间(小时)": ["0", "0.25", "0.5"],
    "t [h]": ["0", "0.25", "0.5"], "time (d)": ["0", "0.010416667", "0.020833333"],
    "time": ["2026-07-01 08:00", "2026-07-01 08:15", "2026-07-01 08:30"],
    "datetime": ["2026-07-01T23:45Z", "2026-07-02T00:00Z", "2026-07-02T00:15Z"],
    "日期": ["2026/7/1 8:00", "2026/7/1 8:15", "2026/7/1 8:30"],
    "时间": ["2026年7月1日8时", "2026年7月1日8时15分", "2026年7月1日8时30分"],
    "观测时间": ["2026-07-01 23:45", "2026-07-01 24:00", "2026-07-02 00:15"],
    "timestamp": ["202607010800", "202607010815", "202607010830"],
    "时刻": ["23:45", "0:00", "0:15"],
    "date": ["31/12/2026 23:45", "01/01/2027 00:00", "01/01/2027 00:15"],
}  # fmt: skip
VALUES = {
    "inflow_discharge": "flow (m3/s)", "edge_level": "潮位(m)", "gauge_rain": "G1 (mm/h)",
    "storm": "雨强(mm/h)", "dry_bulb": "T (℃)", "surge": "surge (m)",
}  # fmt: skip


@pytest.mark.parametrize("role", VALUES)
@pytest.mark.parametrize("header", QUARTERS)
def test_every_series_reads_every_form_of_time(header: str, role: str) -> None:
    """Only what its name says: a quarter of an hour is one in every unit, for rain, flows, levels and the others."""
    table = pd.DataFrame({header: QUARTERS[header], VALUES[role]: ["1", "5", "2"]})
    (layer,) = cells_reading(table, role, CellOptions(), TARGET, name="a.csv").layers
    np.testing.assert_allclose(layer.value.index, [0.0, 0.25, 0.5], atol=1e-6)
    np.testing.assert_allclose(layer.value, [1.0, 5.0, 2.0])


@pytest.mark.parametrize("role", VALUES)
@pytest.mark.parametrize("header", ["time", "t", "时间", "历时", "time (UTC+8)", "历时(years)", "time (fortnight)"])
def test_numbers_without_a_unit_that_is_understood_are_refused(header: str, role: str) -> None:
    table = pd.DataFrame({header: ["0", "15", "30"], VALUES[role]: ["1", "5", "2"]})
    with pytest.raises(InputError) as told:
        cells_reading(table, role, CellOptions(), TARGET, name="a.csv")
    assert told.value.text == "intake.time_unit"
    assert header in told.value.say("zh")


def test_a_unit_in_a_row_of_its_own() -> None:
    assert time_unit("历时(分钟)") == pytest.approx(1 / 60)
    assert time_unit("降雨") is None
    assert [is_time_unit(each) for each in ("hour (h)", "分", "时", "历时", "level")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (["01/02/2026", "02/02/2026"], "intake.time_day_or_month"),
        (["13/14/2026", "14/13/2026"], "intake.time_day_or_month"),
        (["2026-07-01T08:00Z", "2026-07-01T08:00+08:00"], "intake.time_zones"),
        (["2026-07-01", "昨天"], "intake.time_cell"),
    ],
)
def test_dates_that_can_be_read_in_two_ways_are_refused(cells: list[str], text: str) -> None:
    with pytest.raises(InputError) as told:
        row_stamps(pd.Series(cells), name="a.csv")
    assert told.value.text == text


def test_uneven_flows_keep_their_volume() -> None:
    """0-10 min 5 m³/s, 10-40 min 2 m³/s, 40-60 min 0: 3 000 + 3 600 m³, whatever the steps."""
    table = pd.DataFrame({"min": ["0", "10", "40", "60"], "流量(m3/s)": ["5", "2", "0", "0"]})
    reading = cells_reading(table, "inflow_discharge", CellOptions(), TARGET, name="a.csv")
    series = reading.layers[0].value
    step = series.index[1]
    assert step == pytest.approx(1 / 6)
    assert float(series.sum() * step * 3600.0) == pytest.approx(5 * 600 + 2 * 1800)
    assert "intake.time_uneven_read" in {finding.text for finding in reading.findings}


def test_uneven_rain_keeps_its_depth_and_a_level_stays_on_its_line() -> None:
    rain = pd.DataFrame({"minutes": ["0", "5", "20", "30"], "降雨量(mm)": ["5", "6", "1", "0"]})
    series = cells_reading(rain, "storm", CellOptions(), TARGET, name="a.csv").layers[0].value
    assert float(series.sum() * series.index[1]) == pytest.approx(12.0)
    assert series.iloc[0] == pytest.approx(60.0)
    assert series.iloc[1] == pytest.approx(24.0)
    level = pd.DataFrame({"h": ["0", "1", "3", "4"], "level (m)": ["1", "2", "4", "4"]})
    series = cells_reading(level, "edge_level", CellOptions(), TARGET, name="a.csv").layers[0].value
    np.testing.assert_allclose(series, [1.0, 2.0, 3.0, 4.0, 4.0])


def test_rounded_times_are_even_and_too_fine_ones_are_refused() -> None:
    thirds = pd.DataFrame({"hours": ["0", "0.33", "0.67", "1.00"], "flow": ["1", "2", "3", "4"]})
    series = cells_reading(thirds, "inflow_discharge", CellOptions(), TARGET, name="a.csv").layers[0].value
    np.testing.assert_allclose(series.index, np.arange(4) / 3)
    fine = pd.DataFrame({"hours": ["0", "0.0002777", "700.5"], "flow": ["1", "2", "3"]})
    with pytest.raises(InputError) as told:
        cells_reading(fine, "inflow_discharge", CellOptions(), TARGET, name="a.csv")
    assert told.value.text == "intake.time_fine"


def test_totals_of_months_are_not_spread_over_uneven_steps() -> None:
    table = pd.DataFrame({"hours": ["0", "730.5", "2191.5"], "mm": ["10", "20", "30"]})
    with pytest.raises(InputError) as told:
        cells_reading(table, "monthly_rain", CellOptions(), TARGET, name="a.csv")
    assert told.value.text == "intake.time_uneven"


@pytest.mark.parametrize("head", ["潮位(mm/h)", "潮位(人)"])
def test_units_of_values_that_do_not_fit_are_refused(head: str) -> None:
    with pytest.raises(InputError) as told:
        cells_reading(pd.DataFrame({"h": ["0", "1"], head: ["1", "2"]}), "edge_level", CellOptions(), TARGET, name="a")
    assert told.value.text == "intake.series_unit"


@pytest.mark.parametrize(
    ("role", "head", "cells", "values", "silent"),
    [
        ("edge_level", "潮位 cm", ["100", "250"], [1.0, 2.5], False),
        ("edge_level", "潮位cm", ["100", "250"], [1.0, 2.5], False),
        ("edge_level", "level_mm", ["100", "2500"], [0.1, 2.5], False),
        ("edge_level", "潮位", ["1", "2.5"], [1.0, 2.5], True),
        ("inflow_discharge", "流量 L/s", ["100", "2500"], [0.1, 2.5], False),
        ("inflow_discharge", "流量(0.1m3/s)", ["100", "25"], [10.0, 2.5], False),
        ("gauge_rain", "G1 (0.1mm)", ["100", "25"], [10.0, 2.5], False),
        ("storm", "雨量(0.1mm)", ["100", "25"], [10.0, 2.5], False),
        ("storm", "precip (tenths of mm)", ["100", "25"], [10.0, 2.5], False),
        ("storm", "rain (1/100 inch)", ["100", "25"], [25.4, 6.35], False),
    ],
)  # fmt: skip
def test_a_unit_counts_wherever_it_stands_and_its_lack_is_told(
    role: str, head: str, cells: list[str], values: list[float], silent: bool
) -> None:
    """250 cm of tide without brackets were read as 250 m."""
    read = cells_reading(pd.DataFrame({"h": ["0", "1"], head: cells}), role, CellOptions(), TARGET, name="a.csv")
    np.testing.assert_allclose(read.layers[0].value, values)
    assert ("intake.series_no_unit" in {each.text for each in read.findings}) is silent


@pytest.mark.parametrize(("role", "head"), [("storm", "雨量(mm)"), ("gauge_rain", "G1 (mm)")])
def test_rain_that_was_never_measured_is_a_mark_or_told(role: str, head: str) -> None:
    """999.9 mm in an hour, the mark for a missing value, was a storm."""
    with pytest.raises(InputError) as told:
        cells_reading(pd.DataFrame({"h": ["0", "1"], head: ["5", "999.9"]}), role, CellOptions(), TARGET, name="a.csv")
    assert told.value.text == "intake.rain_mark"
    read = cells_reading(pd.DataFrame({"h": ["0", "1"], head: ["5", "500"]}), role, CellOptions(), TARGET, name="a")
    (great,) = [each for each in read.findings if each.text == "intake.rain_greatest"]
    assert (great.kind, great.values["greatest"]) == ("warning", pytest.approx(422.0))
    plain = cells_reading(pd.DataFrame({"min": ["0", "5"], head: ["30", "9"]}), role, CellOptions(), TARGET, name="a")
    assert "intake.rain_greatest" not in {each.text for each in plain.findings}


def test_every_series_of_the_vocabulary_has_a_reader() -> None:
    for var in vocabulary().values():
        if var.on == "time":
            role = role_of(var.name) if var.name != "rain_intensity" else role_of("storm")
            assert role is not None, var.name
            assert role.sheet is not None, var.name


def test_hours_keep_the_bits_of_minutes() -> None:
    """A storm in minutes has the same hours as ever: divided by 60, not multiplied by a rounded sixtieth."""
    table = pd.DataFrame({"time (min)": [str(5 * row) for row in range(30)]})
    times = row_times(table, "time (min)", "a.csv")
    assert isinstance(times, RowTimes)
    assert np.array_equal(times.hours, np.arange(0.0, 150.0, 5.0) / 60.0)


def test_dates_that_a_spreadsheet_counts_in_days_are_read_as_such() -> None:
    """A workbook of rain without formats of dates holds 45480, 45480.0034722…: that was refused as a unit not known."""
    serials = [45480 + 5 * row / 1440 for row in range(24)]
    table = pd.DataFrame({"时间": [str(each) for each in serials], "雨量(mm)": ["6"] * 24})
    reading = storm_reading(table, columns={}, unit="", event="user", name="雨.xlsx")
    assert reading.layers[0].value.to_numpy() == pytest.approx([72.0] * 24)
    assert reading.layers[0].value.index[1] == pytest.approx(5 / 60)
    assert [each.kind for each in reading.findings if each.text == "intake.time_serials"] == ["guessed"]


@pytest.mark.parametrize(
    "times", [["36000", "36300", "36600"], ["0.5", "1.0", "1.5"], ["45480.5", "45480.25", "45481"]]
)
def test_other_numbers_without_a_unit_are_refused(times: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        row_times(pd.DataFrame({"时间": times}), "时间", "a.csv")
    assert caught.value.text == "intake.time_unit"


@pytest.mark.parametrize(
    ("header", "told"), [("雨强(mm/h)", True), ("雨强(mm/min)", False), ("雨量(mm)", False)]
)  # fmt: skip
def test_a_storm_of_hardly_any_rain_is_told_what_it_would_be_per_minute(header: str, told: bool) -> None:
    """Rates of mm/min below a header of mm/h were a storm of a third of a millimetre without a word."""
    rates = ["0.2", "0.4", "0.9", "1.4", "0.8", "0.3"]
    frame = pd.DataFrame({"时间(min)": [str(5 * at) for at in range(6)], header: rates}, dtype=object)
    found = cells_reading(frame, "storm", CellOptions(), TARGET, name="暴雨.csv").findings
    faint = [dict(each.values) for each in found if each.text == "intake.rain_faint"]
    assert bool(faint) == told
    assert [each["minutes"] for each in faint] == pytest.approx([20.0] * told)
