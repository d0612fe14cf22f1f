"""EPW: left labels, leap years, encodings, gaps."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.limits import Limits
from citybraid.sources.readers import epw
from citybraid.sources.reading import Reading
from tests.sources.planner_files import TARGET, weather


def read(path: Path) -> Reading:
    return epw.read(path, "weather", epw.Options(), TARGET, limits=Limits())


def value(reading: Reading, name: str) -> object:
    return next(found.value for found in reading.layers if found.var.name == name)


@pytest.mark.parametrize("hours", [8760, 8784])
def test_hours_are_left_labelled_and_8760(tmp_path: Path, hours: int) -> None:
    reading = read(weather(tmp_path / "a.epw", hours=hours))
    series = next(found.value for found in reading.layers if found.var.name == "dry_bulb")
    assert len(series) == 8760
    assert series.loc[0] == 0.0
    assert series.loc[23] == 23.0
    assert series.loc[24] == 0.0
    assert value(reading, "latitude") == 30.75
    assert value(reading, "time_zone") == 8.0
    assert next(found.value for found in reading.layers if found.var.name == "relative_humidity").max() == (
        pytest.approx(0.7)
    )
    assert ("intake.leap_day" in {finding.text for finding in reading.findings}) == (hours == 8784)


def test_a_station_named_in_gbk_is_read(tmp_path: Path) -> None:
    reading = read(weather(tmp_path / "a.epw", encoding="gb18030", station="嘉兴"))
    assert any("嘉兴" in finding.say("zh") for finding in reading.findings)


def test_short_gaps_are_filled_long_ones_refused(tmp_path: Path) -> None:
    path = weather(tmp_path / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()

    def without(first: int, count: int) -> None:
        rows = [_missing(old) if first <= number < first + count else old for number, old in enumerate(lines)]
        path.write_text("\n".join(rows), encoding="utf-8")

    without(100, 3)
    reading = read(path)
    assert {finding.text: finding.count for finding in reading.findings}["intake.weather_filled"] == 3
    without(100, 9)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.weather_gaps"


def _missing(line: str) -> str:
    fields = line.split(",")
    fields[6] = "99.9"
    return ",".join(fields)


@pytest.mark.parametrize("hours", [24, 8759])
def test_other_numbers_of_hours_are_refused(tmp_path: Path, hours: int) -> None:
    with pytest.raises(InputError) as caught:
        read(weather(tmp_path / "a.epw", hours=hours))
    assert caught.value.text == "intake.weather_hours"


def test_files_that_are_no_weather_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.epw"
    path.write_text("hello\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.not_this_format"
    path = weather(path)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(InputError):
        read(path)
