"""UMEP weather: hours that end at their time, the place of the study, light split into direct and diffuse."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited
from citybraid.sources.series.solar_split import diffuse_share, direct_and_diffuse
from citybraid.sources.series.weather_hours import solar_elevation_sine
from tests.sources.planner_files import TARGET

HEADER = "%iy id it imin Q* QH QE Qs Qf Wind RH Td press rain Kdn snow ldown fcld wuh xsmd lai_hr Kdiff Kdir Wd"
HERE = TARGET.placed((500_000.0, 3_400_000.0, 502_000.0, 3_402_000.0))
PLACE = {"latitude": 30.7, "longitude": 120.0, "time_zone": 8.0}


def written(path: Path, *, without: str = "", diffuse: bool = False, minute: int = 0, sky: bool = False) -> Path:
    """Write a year whose air counts its hours: 0 in the hour from 0:00, radiation a steady half of a clear sky's."""
    columns = HEADER.split()
    sine = solar_elevation_sine(PLACE)
    rows = [HEADER]
    for ends in range(1, 8761):
        day, hour = divmod(ends, 24)
        year, day = (2018, day + 1) if day < 365 else (2019, 1)
        values = dict.fromkeys(columns, "-999.00")
        values |= {"%iy": str(year), "id": str(day), "it": str(hour), "imin": str(minute), "Wind": "3.0", "RH": "70.0"}
        values |= {"Td": f"{(ends - 1) % 24:.2f}", "press": "101.00", "Kdn": f"{700.0 * sine[ends - 1]:.2f}"}
        if sky:
            values["ldown"] = f"{300 + (ends - 1) % 24}.00"
        if diffuse:
            values["Kdiff"] = f"{200.0 * sine[ends - 1]:.2f}"
        values |= dict.fromkeys(filter(None, [without]), "-999.00")
        rows.append(" ".join(values[column] for column in columns))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def read(path: Path, target: Target = HERE) -> Reading:
    return delimited.read(path, "weather", delimited.Options(), target, limits=Limits())


def value(reading: Reading, name: str) -> np.ndarray:
    return np.asarray(next(found.value for found in reading.layers if found.var.name == name), np.float64)


def test_a_row_ends_its_hour_and_the_place_is_that_of_the_study(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "umep.txt"))
    air = value(reading, "dry_bulb")
    assert air.size == 8760
    assert air[:25].tolist() == [*range(24), 0]
    assert float(value(reading, "latitude")) == pytest.approx(30.7, abs=0.2)
    assert float(value(reading, "time_zone")) == 8.0
    assert float(value(reading, "elevation")) == pytest.approx(27.1, abs=0.5), "8.34 m a hPa, 3.25 hPa"
    assert {finding.text for finding in reading.findings} >= {"intake.umep_place", "intake.radiation_split"}
    assert "intake.weather_shifted" not in {finding.text for finding in reading.findings}


def test_direct_and_diffuse_light_add_up_to_the_global_radiation(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "umep.txt"))
    place = {name: float(value(reading, name)) for name in PLACE}
    sine = solar_elevation_sine(place)
    both = value(reading, "direct_normal") * sine + value(reading, "diffuse_horizontal")
    assert both == pytest.approx(value(reading, "global_horizontal"), abs=0.01)


def test_the_sky_is_read_where_the_table_states_it(tmp_path: Path) -> None:
    without, given = (read(written(tmp_path / f"{sky}.txt", sky=sky)) for sky in (False, True))
    assert value(given, "sky_longwave")[:25].tolist() == [*range(300, 324), 300]
    assert "sky_longwave" not in {layer.var.name for layer in without.layers}
    assert "intake.weather_no_sky" in {finding.text for finding in without.findings}


def test_given_diffuse_light_is_kept_and_the_beam_is_the_rest(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "umep.txt", diffuse=True))
    noon = 24 * 172 + 12
    assert "intake.radiation_split" not in {finding.text for finding in reading.findings}
    assert value(reading, "diffuse_horizontal")[noon] == pytest.approx(200.0 * solar_elevation_sine(PLACE)[noon], abs=1)
    assert value(reading, "direct_normal")[noon] == pytest.approx(500.0, rel=0.02)


def test_the_diffuse_share_follows_the_published_curve() -> None:
    """By hand: at 0.5 the polynomial is 0.9511 - 0.0802 + 1.0970 - 2.0798 + 0.7710 = 0.6591."""
    assert diffuse_share(np.array([0.0, 0.1, 0.5, 0.9])) == pytest.approx([1.0, 0.991, 0.6591, 0.165], abs=1e-4)


def test_dark_hours_have_no_beam() -> None:
    direct, diffuse = direct_and_diffuse(PLACE, np.full(8760, 5.0))
    night = solar_elevation_sine(PLACE) == 0.0
    assert not direct[night].any()
    assert (diffuse[night] == 5.0).all()


@pytest.mark.parametrize("column", ["Kdn", "Wind", "Td", "RH"])
def test_weather_without_radiation_wind_air_or_humidity_is_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(InputError) as refusal:
        read(written(tmp_path / "umep.txt", without=column))
    assert refusal.value.text == "intake.weather_gaps"


def test_half_hours_and_an_unknown_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as step:
        read(written(tmp_path / "umep.txt", minute=30))
    assert step.value.text == "intake.weather_step"
    with pytest.raises(InputError) as place:
        read(written(tmp_path / "umep.txt"), Target(crs="EPSG:4549", cell=10.0))
    assert place.value.text == "intake.umep_no_place"
