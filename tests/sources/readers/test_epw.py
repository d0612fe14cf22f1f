"""EPW: left labels, leap years, encodings, gaps."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.readers import delimited, epw
from citybraid.sources.repairs.ground.weather_place import repair
from citybraid.sources.series.weather_hours import solar_elevation_sine
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


def test_several_records_an_hour_are_refused_as_such(tmp_path: Path) -> None:
    path = weather(tmp_path / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()
    for records, refused in ((1, False), (4, True)):
        lines[7] = f"DATA PERIODS,1,{records},Data,Sunday, 1/ 1,12/31"
        path.write_text("\n".join(lines), encoding="utf-8")
        if not refused:
            assert len(read(path).layers) > 4
            continue
        with pytest.raises(InputError, match=r"4 records an hour .* Average the records") as caught:
            read(path)
        assert caught.value.text == "intake.weather_records"


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
    filled = next(finding for finding in reading.findings if finding.text == "intake.weather_filled")
    assert (filled.count, filled.values["longest"], filled.values["when"]) == (3, 3, ["01-04 20:00 (3 h)"])
    assert "01-04 20:00" in filled.say("zh")
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


def lines_of(path: Path) -> tuple[list[str], list[str]]:
    """The head and the rows of a weather file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[:8], lines[8:]


def told(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


def series_of(reading: Reading, name: str) -> np.ndarray:
    return np.asarray(next(found.value for found in reading.layers if found.var.name == name))


def rewritten(path: Path, head: list[str], rows: list[str]) -> Reading:
    path.write_text("\n".join([*head, *rows]), encoding="utf-8")
    return read(path)


def test_missing_doubled_and_unsorted_hours_find_their_place(tmp_path: Path) -> None:
    path = weather(tmp_path / "a.epw")
    whole = series_of(read(path), "dry_bulb")
    head, rows = lines_of(path)
    holed = rewritten(path, head, rows[:1000] + rows[1003:])
    assert told(holed)["intake.weather_hours_lost"] == 3
    assert np.delete(series_of(holed, "dry_bulb"), [1000, 1001, 1002]) == pytest.approx(
        np.delete(whole, [1000, 1001, 1002])
    )
    doubled = rewritten(path, head, [*rows[:50], *rows[40:]])
    assert told(doubled)["intake.weather_twice"] == 10
    assert (series_of(doubled, "dry_bulb") == whole).all()
    mixed = rewritten(path, head, [*rows[4000:], *rows[:4000]])
    assert "intake.weather_sorted" in told(mixed)
    assert (series_of(mixed, "dry_bulb") == whole).all()


def test_hours_from_nought_and_summer_time_are_told(tmp_path: Path) -> None:
    path = weather(tmp_path / "a.epw")
    head, rows = lines_of(path)
    head[4] = "HOLIDAYS/DAYLIGHT SAVINGS,No,3/29,10/25,0"
    left = [",".join([*row.split(",")[:3], str(int(row.split(",")[3]) - 1), *row.split(",")[4:]]) for row in rows]
    reading = rewritten(path, head, left)
    assert {"intake.weather_left", "intake.weather_daylight"} <= set(told(reading))
    assert series_of(reading, "dry_bulb")[:24].tolist() == list(range(24))


@pytest.mark.parametrize(("zone", "shift"), [(8.0, 0), (5.5, 0), (8.0, 2), (8.0, -1)])
def test_radiation_off_the_sun_is_told(tmp_path: Path, zone: float, shift: int) -> None:
    path = weather(tmp_path / "a.epw")
    head, rows = lines_of(path)
    longitude = 15.0 * zone + 1.0
    head[0] = f"LOCATION,X,-,CHN,TEST,000000,30.75,{longitude},{zone},5.0"
    sun = 800 * solar_elevation_sine({"latitude": 30.75, "longitude": longitude, "time_zone": zone}, shift)
    cells = [row.split(",") for row in rows]
    lit = [",".join([*each[:13], f"{value:.0f}", *each[14:]]) for each, value in zip(cells, sun, strict=True)]
    reading = rewritten(path, head, lit)
    found = [finding.values["hours"] for finding in reading.findings if finding.text == "intake.weather_shifted"]
    assert found == ([shift] if shift else [])


def test_a_zone_far_off_the_sun_s_own_is_told(tmp_path: Path) -> None:
    path = weather(tmp_path / "a.epw")
    head, rows = lines_of(path)
    head[0] = "LOCATION,X,-,CHN,TEST,000000,30.75,20.0,8.0,5.0"
    assert "intake.weather_zone" in told(rewritten(path, head, rows))


def test_a_station_far_from_the_plan_area_is_told() -> None:
    layers = Layers({})
    for name, place in (("latitude", 34.3), ("longitude", 108.9), ("elevation", 800.0)):
        found = SourceLayer(vocabulary()[name], place)
        layers = layers.put(found)
    grid = TARGET.placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
    assert grid.base is not None
    terrain = on_grid(np.full((40, 40), 4.0), grid.base, vocabulary()["terrain"], 5.0)
    layers = layers.put(SourceLayer(vocabulary()["terrain"], terrain, grid.base))
    done = repair(layers, Rules(grid))
    assert [finding.text for finding in done.findings] == ["intake.weather_far", "intake.weather_height"]
    assert not repair(Layers({}), Rules(grid)).findings


@pytest.mark.parametrize(("level", "told"), [(3.28 * 120.0, True), (130.0, False), (3.28 * 120.0 * 1.2, False)])
def test_a_terrain_at_the_height_of_the_station_in_feet_is_told(level: float, told: bool) -> None:
    layers = Layers({})
    for name, place in (("latitude", 30.7), ("longitude", 120.7), ("elevation", 120.0)):
        layers = layers.put(SourceLayer(vocabulary()[name], place))
    grid = TARGET.placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
    assert grid.base is not None
    terrain = on_grid(np.full((40, 40), level), grid.base, vocabulary()["terrain"], 5.0)
    layers = layers.put(SourceLayer(vocabulary()["terrain"], terrain, grid.base))
    found = {each.text for each in repair(layers, Rules(grid)).findings}
    assert ("intake.terrain_feet_station" in found) == told


def hourly(years: tuple[int, ...] = (2014,), *, drop: range = range(0)) -> str:
    """A table of hourly weather whose air is at 300 K and whose dew point is 10 K below."""
    lines = ["year,month,day,hour,temp,dewp,ghi,dni,dhi,ws,lat,lon,tz,altitude"]
    stamps = pd.date_range(f"{years[0]}-01-01", f"{years[-1]}-12-31 23:00", freq="h")
    lines += [
        f"{at.year},{at.month},{at.day},{at.hour},300.15,290.15,{at.hour},0,{at.hour},2,30.7,120.7,8,5"
        for number, at in enumerate(stamps)
        if number not in drop
    ]
    return "\n".join(lines)


def table(path: Path, text: str, **said: str) -> Reading:
    path.write_text(text, encoding="utf-8")
    return delimited.read(path, "weather", delimited.Options.model_validate(said), TARGET, limits=Limits())


def test_hourly_weather_from_a_table(tmp_path: Path) -> None:
    reading = table(tmp_path / "a.csv", hourly(drop=range(100, 103)))
    assert series_of(reading, "dry_bulb") == pytest.approx(np.full(8760, 27.0))
    assert series_of(reading, "relative_humidity")[0] == pytest.approx(0.543, abs=0.002)
    assert series_of(reading, "global_horizontal")[:24].tolist() == list(range(24))
    assert {"intake.weather_kelvin", "intake.weather_dew", "intake.weather_filled"} <= set(told(reading))
    assert next(found.value for found in reading.layers if found.var.name == "time_zone") == 8.0


def test_the_year_is_asked_for_and_gaps_are_limited(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        table(tmp_path / "a.csv", hourly((2012, 2013)))
    assert caught.value.text == "intake.weather_years"
    leap = table(tmp_path / "a.csv", hourly((2012, 2013)), time="2012")
    assert {"intake.weather_year", "intake.leap_day"} <= set(told(leap))
    with pytest.raises(InputError) as caught:
        table(tmp_path / "a.csv", hourly(drop=range(100, 104)))
    assert caught.value.text == "intake.weather_gaps"


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        table(tmp_path / "a.csv", "时间,气温\n2014-01-01 00:00,3\n2014-01-01 01:00,4\n")
    assert caught.value.text == "intake.weather_columns"
    assert caught.value.values["needs"] == [
        "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal", "wind_speed",
    ]  # fmt: skip


def test_wind_direction_is_read_where_most_of_it_is_given(tmp_path: Path) -> None:
    """Gaps take the hour before; a file without directions is read all the same, without that layer."""
    path = weather(tmp_path / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()

    def with_directions(directions: list[str]) -> Reading:
        rows = [line.split(",") for line in lines[8:]]
        for row, direction in zip(rows, directions, strict=True):
            row[20] = direction
        path.write_text("\n".join([*lines[:8], *(",".join(row) for row in rows)]), encoding="utf-8")
        return read(path)

    given = with_directions(["135", "999", *["315"] * 8758])
    assert np.asarray(value(given, "wind_direction"))[:3].tolist() == [135.0, 135.0, 315.0]
    without = with_directions(["999"] * 8760)
    assert "wind_direction" not in {layer.var.name for layer in without.layers}


@pytest.mark.parametrize(
    ("infrared", "opaque", "read_as", "first"),
    [
        (["400", "9999", "440", "300"], ["5"] * 4, "sky_longwave", [400.0, 420.0, 440.0]),
        (["9999"] * 4, ["5", "99", "7", "10"], "cloud_cover", [0.5, 0.6, 0.7]),
        (["0"] * 4, ["2", "4", "6", "0"], "cloud_cover", [0.2, 0.4, 0.6]),
        (["9999"] * 4, ["99"] * 4, None, []),
        (["300"] * 4, ["0"] * 4, None, []),
    ],
)
def test_the_sky_is_read_where_a_year_of_it_is_given(
    tmp_path: Path, infrared: list[str], opaque: list[str], read_as: str | None, first: list[float]
) -> None:
    """Codes for missing, zeros and columns that never change are no record; long-wave radiation comes before clouds."""
    path = weather(tmp_path / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[8:]]
    for number, row in enumerate(rows):
        row[12], row[23] = infrared[number if number < 4 else 3], opaque[number if number < 4 else 3]
    path.write_text("\n".join([*lines[:8], *(",".join(row) for row in rows)]), encoding="utf-8")
    reading = read(path)
    assert {layer.var.name for layer in reading.layers} & {"sky_longwave", "cloud_cover"} == ({read_as} - {None})
    assert f"intake.weather_{read_as or 'no_sky'}" in {finding.text for finding in reading.findings}
    if read_as is not None:
        np.testing.assert_allclose(np.asarray(value(reading, read_as))[:3], first, atol=1e-9)


def test_radiation_that_is_a_formula_of_the_clouds_is_left_for_the_clouds(tmp_path: Path) -> None:
    """Clark and Allen (1978) for 20 degC, dew point 15 degC: 0.787 + 0.764 ln(288.15 / 273) = 0.828 below no cloud."""
    path = weather(tmp_path / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[8:]]
    black = 5.6697e-8 * 293.15**4
    for noise, expected in ((0.0, "cloud_cover"), (40.0, "sky_longwave")):
        for number, row in enumerate(rows):
            tenths = number % 11
            clouded = 0.8283 * (1 + 0.0224 * tenths - 0.0035 * tenths**2 + 0.00028 * tenths**3)
            row[6], row[7], row[23] = "20", "15", str(tenths)
            row[12] = f"{clouded * black + noise * np.sin(number):.0f}"
        path.write_text("\n".join([*lines[:8], *(",".join(row) for row in rows)]), encoding="utf-8")
        reading = read(path)
        assert {layer.var.name for layer in reading.layers} & {"sky_longwave", "cloud_cover"} == {expected}


def test_rows_that_end_before_the_clouds_are_read_without_them(tmp_path: Path) -> None:
    path = weather(tmp_path / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()
    short = [",".join(line.split(",")[:22]) for line in lines[8:]]
    path.write_text("\n".join([*lines[:8], *short]), encoding="utf-8")
    assert "intake.weather_no_sky" in {finding.text for finding in read(path).findings}
