"""Weather tables as strangers write them: the unit of a header holds, sizes that cannot be are refused or told."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.series.weather_table import weather

HOURS = 8760
STAMPS = [f"{each:%Y-%m-%d %H:%M}" for each in pd.date_range("2023-01-01", periods=HOURS, freq="h")]
AIR = 15.0 + 10.0 * np.sin(np.arange(HOURS) / HOURS * 2.0 * np.pi)
SUN = np.maximum(0.0, 800.0 * np.sin((np.arange(HOURS) % 24 - 6) / 12.0 * np.pi)).round(1)
HUMID = 50.0 + 20.0 * np.cos(np.arange(HOURS) / 24.0 * 2.0 * np.pi)
WIND = 2.0 + np.sin(np.arange(HOURS))
COLUMNS = {
    "气温(℃)": AIR, "相对湿度(%)": HUMID, "总辐射(W/m2)": SUN, "法向直射(W/m2)": 0.6 * SUN,
    "散射辐射(W/m2)": 0.4 * SUN, "风速(m/s)": WIND,
}  # fmt: skip


def read(was: str = "", now: str = "", change: Callable[[Any], Any] = np.asarray) -> Reading:
    """A table with one column under another header and in another unit."""
    columns = {
        (now if head == was else head): (change(each) if head == was else each) for head, each in COLUMNS.items()
    }
    cells = {"时间": STAMPS, **{head: [f"{value:.10g}" for value in each] for head, each in columns.items()}}
    return weather(pd.DataFrame(cells, dtype=object), columns={}, year="", name="天气.csv")


def series(reading: Reading, var: str) -> np.ndarray:
    return np.asarray(next(layer.value for layer in reading.layers if layer.var.name == var))


def told(reading: Reading) -> dict[str, Finding]:
    return {finding.text: finding for finding in reading.findings}


def test_a_table_in_our_units_is_read_as_it_stands() -> None:
    reading = read()
    assert np.allclose(series(reading, "relative_humidity"), HUMID / 100.0)
    assert not {"intake.percent_guessed", "intake.weather_unit_read"} & set(told(reading))


OF_HEADERS: dict[str, tuple[str, str, Callable[[Any], Any], str, Any]] = {
    "km/h": ("风速(m/s)", "风速(km/h)", lambda v: v * 3.6, "wind_speed", WIND),
    "0.1 m/s": ("风速(m/s)", "风速(0.1m/s)", lambda v: v * 10.0, "wind_speed", WIND),
    "kWh": ("总辐射(W/m2)", "总辐射(kWh/m2)", lambda v: v / 1000.0, "global_horizontal", SUN),
    "MJ": ("总辐射(W/m2)", "总辐射(MJ/m2)", lambda v: v * 0.0036, "global_horizontal", SUN),
    "J": ("总辐射(W/m2)", "总辐射(J/m2)", lambda v: v * 3600.0, "global_horizontal", SUN),
    "Fahrenheit": ("气温(℃)", "气温(°F)", lambda v: v * 1.8 + 32.0, "dry_bulb", AIR),
    "0.1 degrees": ("气温(℃)", "气温(0.1℃)", lambda v: v * 10.0, "dry_bulb", AIR),
}


@pytest.mark.parametrize("unit", OF_HEADERS)
def test_the_unit_of_a_header_holds(unit: str) -> None:
    """Wind in km/h was read as m/s, radiation in MJ as W, both without a word."""
    was, now, change, var, expected = OF_HEADERS[unit]
    reading = read(was, now, change)
    assert np.allclose(series(reading, var), expected, atol=1e-4)
    assert "intake.weather_unit_read" in told(reading)


REFUSED: dict[str, tuple[str, str, Callable[[Any], Any], str]] = {
    "MJ that no header states": ("总辐射(W/m2)", "总辐射", lambda v: v * 0.0036, "weather_dim"),
    "kWh that no header states": ("总辐射(W/m2)", "总辐射", lambda v: v / 1000.0, "weather_dim"),
    "a unit of another quantity": ("风速(m/s)", "风速(hPa)", np.asarray, "weather_unit"),
    "Fahrenheit that no header states": ("气温(℃)", "气温", lambda v: v * 1.8 + 32.0, "weather_gaps"),
    "nights below zero": ("总辐射(W/m2)", "总辐射(W/m2)", lambda v: np.where(v > 0, v, -2.0), "weather_gaps"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_sizes_that_cannot_be_are_refused(case: str) -> None:
    was, now, change, text = REFUSED[case]
    with pytest.raises(InputError) as fault:
        read(was, now, change)
    assert fault.value.text == f"intake.{text}"
    for language in ("en", "zh"):
        assert "天气.csv" in fault.value.say(language)


def test_kelvin_and_shares_are_told() -> None:
    kelvin = read("气温(℃)", "气温(K)", lambda v: v + 273.15)
    assert np.allclose(series(kelvin, "dry_bulb"), AIR)
    assert "intake.weather_kelvin" in told(kelvin)
    shares = read("相对湿度(%)", "相对湿度(%)", lambda v: v / 100.0)
    assert np.allclose(series(shares, "relative_humidity"), HUMID / 100.0)
    assert "intake.weather_no_percent" in told(shares)
    assert "intake.percent_guessed" in told(read("相对湿度(%)", "相对湿度"))
    assert "intake.weather_unit_open" in told(read("风速(m/s)", "风速(逐时)"))
    assert "intake.weather_unit_open" not in told(read("风速(m/s)", "风速(10m)"))


def test_one_value_in_percent_does_not_make_shares_a_hundredth() -> None:
    def slip(values: np.ndarray) -> np.ndarray:
        shares = values / 100.0
        shares[100] = 60.0
        return shares

    reading = read("相对湿度(%)", "相对湿度", slip)
    assert series(reading, "relative_humidity").mean() == pytest.approx(0.5, abs=0.01)
    assert "intake.weather_filled" in told(reading)


def test_the_last_hour_may_stand_first() -> None:
    cells = {"时间": STAMPS[::-1], **{head: [f"{v:.6g}" for v in each[::-1]] for head, each in COLUMNS.items()}}
    reading = weather(pd.DataFrame(cells, dtype=object), columns={}, year="", name="天气.csv")
    assert np.allclose(series(reading, "dry_bulb"), AIR, atol=1e-3)
    assert "intake.weather_sorted" in told(reading)


@pytest.mark.parametrize("head", ["风速(kn)", "风速（节）", "wind_speed [knots]", "wind_kts"])
def test_knots_are_brought_to_metres_a_second(head: str) -> None:
    """They were read as metres a second: wind twice as strong."""
    wind = series(read("风速(m/s)", head, lambda each: each * 3600.0 / 1852.0), "wind_speed")
    np.testing.assert_allclose(wind, WIND, rtol=1e-6)


@pytest.mark.parametrize("head", ["风速(kt)", "风速(Bft)"])
def test_thousand_tonnes_and_the_scale_of_beaufort_are_no_speed(head: str) -> None:
    with pytest.raises(InputError) as fault:
        read("风速(m/s)", head)
    assert fault.value.text == "intake.weather_unit"
