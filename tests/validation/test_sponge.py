"""Design rain from a real record against published pairs, and the guide's storage formula."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.factor import shipped
from citybraid.kernels.flood.plot_storage import storage_overflow
from citybraid.resilience.sponge.continuous_runoff_control import steps
from citybraid.resilience.sponge.control_curve import curve_from_days, daily_rain_depths
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited

POINTS = 0.07
"""Three wet years against thirty: share of rain held at the published depth."""


@pytest.mark.case("data/shanghai_hourly_weather/ShanghaiPM20100101_20151231.csv")
def test_shanghai_design_rain(cases: Path) -> None:
    path = cases / "data" / "shanghai_hourly_weather" / "ShanghaiPM20100101_20151231.csv"
    target = Target("EPSG:4549", 10.0)
    reading = delimited.read(path, "daily_rain", delimited.Options(unit="mm"), target, limits=Limits())
    found = daily_rain_depths(reading.layers[0].value)
    assert np.isfinite(found).sum() == 952
    assert np.nanmax(found) == pytest.approx(120.3)
    curve = curve_from_days(found, least=2.0)
    pairs = shipped().resolve("sponge_design_rain", region="CN-SH", year=2025)
    assert len(pairs) == 5
    ratio = [float(curve.depth_for(np.array(float(rate) / 100))) / depth for rate, depth in pairs.items()]
    assert max(ratio) - min(ratio) < 0.05
    assert 1.0 < np.mean(ratio) < 1.25
    for rate, depth in pairs.items():
        assert float(curve.share_at(np.array(depth))) == pytest.approx(float(rate) / 100, abs=POINTS)


@pytest.mark.case("data/shanghai_hourly_weather/ShanghaiPM20100101_20151231.csv")
def test_shanghai_storage_followed_in_time(cases: Path) -> None:
    """Storage that empties in two days keeps what sorted days say; quicker storage more, slower less."""
    path = cases / "data" / "shanghai_hourly_weather" / "ShanghaiPM20100101_20151231.csv"
    target = Target("EPSG:4549", 10.0)
    rain = delimited.read(path, "daily_rain", delimited.Options(unit="mm"), target, limits=Limits()).layers[0].value
    depths = np.array([13.4, 22.2, 33.0])
    sorted_days = curve_from_days(daily_rain_depths(rain), least=2.0).share_at(depths)
    wet = steps(rain, duration=7.0)
    kept = {}
    for hours in (12.0, 48.0, 240.0):
        lost = storage_overflow(wet.rain, wet.wet, wet.dry, depths, depths / hours, np.ones(depths.size))
        kept[hours] = 1.0 - lost / wet.rain.sum()
    assert np.abs(kept[48.0] - sorted_days).max() < 0.04
    assert (kept[12.0] > sorted_days + 0.1).all()
    assert (kept[240.0] < sorted_days - 0.1).all()
