"""Records of rain: days and hours, gaps left open, odd values told, what cannot be read refused."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited

UNEVEN = "日期,降雨量(mm)\n" + "".join(f"2020-01-01 {clock},1\n" for clock in ("00:00", "01:00", "02:30", "03:30"))
TARGET = Target("EPSG:4549", 10.0)


def read(folder: Path, text: str, unit: str = "") -> Reading:
    path = folder / "逐日降雨.csv"
    path.write_text(text, encoding="utf-8")
    return delimited.read(path, "daily_rain", delimited.Options(unit=unit), TARGET, limits=Limits())


def told(reading: Reading) -> set[str]:
    return {finding.text for finding in reading.findings}


def test_days_with_a_gap(tmp_path: Path) -> None:
    reading = read(tmp_path, "日期,降雨量(mm)\n2020-01-01,0\n2020-01-02,12.5\n2020-01-04,3\n")
    series = reading.layers[0].value
    assert list(series.index) == [0.0, 24.0, 48.0, 72.0]
    np.testing.assert_array_equal(series, [0.0, 12.5, np.nan, 3.0])
    assert {"intake.rain_record_read", "intake.rain_record_short"} <= told(reading)


def test_hours_from_parts_start_at_midnight(tmp_path: Path) -> None:
    reading = read(tmp_path, "year,month,day,hour,rain\n2020,1,1,6,1\n2020,1,1,7,2\n2020,1,1,9,NA\n", "mm")
    series = reading.layers[0].value
    assert len(series) == 24
    assert series[6.0] == 1.0
    assert series[7.0] == 2.0
    assert series.isna().sum() == 22
    unknown = next(finding for finding in reading.findings if finding.text == "intake.rain_record_unknown")
    assert (unknown.count, unknown.values["longest"]) == (22, 16)
    assert (unknown.values["first"], unknown.values["last"]) == ("2020-01-01 08:00", "2020-01-01 23:00")


def test_tenths_rows_in_disorder_and_odd_values(tmp_path: Path) -> None:
    reading = read(tmp_path, "日期,日降水量(0.1mm)\n2020-01-02,125\n2020-01-01,32766\n2020-01-03,-5\n2020-01-03,7\n")
    np.testing.assert_array_equal(reading.layers[0].value, [np.nan, 12.5, np.nan])
    assert {"intake.rain_record_odd", "intake.rain_record_twice"} <= told(reading)


def test_intensity_of_hours(tmp_path: Path) -> None:
    text = "时间,雨强(mm/h)\n" + "".join(f"2020-01-01 {hour:02d}:00,2\n" for hour in range(0, 24, 2))
    assert read(tmp_path, text).layers[0].value.sum() == 48.0


@pytest.mark.parametrize(
    ("text", "unit", "refusal"),
    [
        ("日期,降雨量\n2020-01-01,1\n2020-01-02,1\n", "", "intake.rain_unit"),
        ("日期,风速\n2020-01-01,1\n2020-01-02,1\n", "mm", "intake.no_rain"),
        ("编号,降雨量(mm)\nA,1\nB,2\n", "", "intake.no_time"),
        ("日期,降雨量(mm)\n一月,1\n2020-01-02,2\n", "", "intake.time_cell"),
        ("日期,降雨量(mm)\n2020-01-01,1\n2020-02-01,2\n2020-03-01,2\n", "", "intake.rain_record_step"),
        (UNEVEN, "", "intake.rain_record_step"),
        ("日期,降雨量(mm)\n2020-01-01,-\n2020-01-02,-\n", "", "intake.rain_record_empty"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, unit: str, refusal: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, unit)
    assert caught.value.text == refusal
