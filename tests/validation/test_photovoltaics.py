"""Sun and photovoltaics against the solar position algorithm's example and PVWatts."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.factor import resolve
from citybraid.kernels.climate.solar import Sky, irradiance_on_tilted, sun_at, sun_of_year
from citybraid.kernels.climate.solar_module import (
    STANDARD_CELL,
    STANDARD_LIGHT,
    alternating_power,
    cell_temperature,
    transmitted_irradiance,
)

PVWATTS = "validation/solar_pvwatts/pvwatts_8760_rackmount.csv"


def test_sun_of_the_published_example() -> None:
    """Reda and Andreas (2004), table A5.1: 17 October 2003, 12:30:30 at UTC-7, 1 830.14 m, 820 hPa, 11 degC."""
    moment = pd.DatetimeIndex(["2003-10-17 19:30:30"], tz="UTC")
    zenith, azimuth = sun_at(
        moment, latitude=39.742476, longitude=-105.1786, elevation=1830.14, pressure=82000.0, temperature=11.0
    )
    assert zenith[0] == pytest.approx(50.11162, abs=5e-5)
    assert azimuth[0] == pytest.approx(194.34024, abs=5e-5)


@pytest.mark.case(PVWATTS)
def test_pvwatts(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = np.genfromtxt(cases / PVWATTS, delimiter=",", skip_header=18, max_rows=8760)
    direct, diffuse, air, wind, plane, cell, _, output = table[:, 3:11].T
    sun = sun_of_year(latitude=39.73, longitude=-105.18, elevation=1819.6, time_zone=-7.0, year=2023)
    whole = diffuse + direct * np.maximum(np.cos(np.radians(sun.zenith)), 0.0)
    light = irradiance_on_tilted(sun, Sky(whole, direct, diffuse), tilt=20.0, azimuth=180.0, ground_albedo=0.2)
    warm = cell_temperature(light.total, air=air, wind=wind)
    loss = resolve("pv_loss")
    power = (
        transmitted_irradiance(light)
        / STANDARD_LIGHT
        * (1 + loss["temperature"] * (warm - STANDARD_CELL))
        * (1 - loss["system"])
    )
    yearly = 4 * alternating_power(power, over=loss["dc_over_ac"], efficiency=loss["inverter_efficiency"]).sum()
    off_plane, off_cell = (float(np.sqrt(np.mean((a - b) ** 2))) for a, b in ((light.total, plane), (warm, cell)))
    by_day = float(np.sqrt(np.mean((warm - cell)[plane > 0] ** 2)))
    with capsys.disabled():
        sys.stdout.write(
            f"\nPVWatts, Denver, 4 kW: {yearly:.0f} kWh against {output.sum() / 1000:.0f} "
            f"({yearly / output.sum() * 1e5 - 100:+.2f} %, allowed 3); plane {off_plane:.1f} W/m2 (25); "
            f"cell {off_cell:.2f} K over all hours (2), {by_day:.2f} K by day\n"
        )
    assert yearly == pytest.approx(output.sum() / 1000, rel=0.03)
    assert off_plane < 25
    assert off_cell < 2
