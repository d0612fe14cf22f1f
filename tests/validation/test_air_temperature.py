"""Air between buildings: daily largest heat islands beside a formula made from 14 cities, and Shanghai's weeks."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.factor import resolve
from citybraid.kernels.climate.summer import summer_days
from citybraid.kernels.outdoor.canopy_air import Blocks
from citybraid.kernels.outdoor.canopy_hours import TERMS, courses, over_open_ground
from citybraid.resilience.heat.canopy_air import open_grass, tiles_of
from citybraid.resilience.heat.canopy_form import GROUNDS, roughness
from citybraid.resilience.heat.hot_day import Sky, Weather, forcing_of_days
from tests.canopy_case import FACTORS
from tests.energy_year import energy, row_of_buildings
from tests.validation.publishing import Published

STATIONS = {
    "Hangzhou": "CHN_Zhejiang.Hangzhou.584570_CSWD.epw",
    "Shanghai": "CHN_Shanghai.Shanghai.583620_CSWD.epw",
    "Xi'an": "CHN_Shaanxi.Xian.570360_CSWD.epw",
}
VIEW, ROOF, HEIGHT = 0.45, 0.4, 18.0
"""Sky view, roofs and height of a compact midrise quarter (Stewart and Oke 2012, table 3), without plants."""
SPIN_UP = 10


def weather_of(file: Path) -> tuple[Weather, dict[str, pd.Series]]:
    """Return the weather of a file and its series, with the clouds, which the reader takes from files of this kind."""
    head = file.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(file, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15, 21, 23), encoding="latin1").T
    raw[1], raw[6] = raw[1] / 100, raw[6] / 10
    names = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal", "wind_speed",
             "cloud_cover")  # fmt: skip
    year = {name: pd.Series(values, name=name) for name, values in zip(names, raw, strict=True)}
    latitude, longitude, zone, elevation = map(float, head[6:10])
    weather = Weather(
        year["dry_bulb"], year["relative_humidity"], year["direct_normal"], year["diffuse_horizontal"],
        year["wind_speed"], latitude, longitude, elevation, zone,
    )  # fmt: skip
    return weather, year


def compact_quarter() -> Blocks:
    aspect = np.full(1, (1.0 - VIEW**2) / (2.0 * VIEW))
    roof, height = np.full(1, ROOF), np.full(1, HEIGHT)
    displacement, rough = roughness(roof, height, 2.0 * aspect * (1.0 - roof) / np.pi)
    ground = np.array([[float(name == "paved") for name in GROUNDS]])
    return Blocks(ground, roof, aspect, height, displacement, rough)


def warming(weather: Weather, days: np.ndarray, clouds: pd.Series) -> np.ndarray:
    """Return the air of the compact quarter less the weather's by day and hour, after days of spin-up [K]."""
    forcing = forcing_of_days(weather, days, calm=1.0, above=50.0, sky=Sky(cloud_cover=clouds))
    tiles = tiles_of(*(resolve(name) for name in FACTORS))
    hours = forcing.air.size
    upper, air, balance = np.zeros(hours), np.zeros((1, hours)), np.zeros((1, hours, TERMS))
    over_open_ground(open_grass(), tiles, forcing, upper)
    courses(compact_quarter(), tiles, forcing, np.zeros((1, hours)), upper, air, balance)
    return np.asarray((air[0] - forcing.air).reshape(-1, 24)[SPIN_UP:])


def largest(weather: Weather, year: dict[str, pd.Series]) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest heat island of each summer day from 8:00 to 8:00, ours and by the formula [K]."""
    first = summer_days(weather.dry_bulb.to_numpy(), weather.latitude)
    days = np.arange(first[0] - SPIN_UP, first[-1] + 2)
    ours = np.roll(warming(weather, days, year["cloud_cover"]).ravel(), -8).reshape(-1, 24)[:-1].max(axis=1)

    def by_day(name: str, start: int) -> Any:
        return np.roll(year[name].to_numpy(), -start).reshape(365, 24)[first]

    span = np.ptp(by_day("dry_bulb", 8), axis=1)
    sun = by_day("global_horizontal", 0).mean(axis=1) / 1206.0
    wind = np.maximum(by_day("wind_speed", 8).mean(axis=1), 1.0)
    return ours, (2.0 - VIEW) * (sun * span**3 / wind) ** 0.25


@pytest.mark.parametrize("city", STATIONS)
@pytest.mark.case("data/epw")
def test_daily_largest_heat_islands(cases: Path, published: Published, city: str) -> None:
    """A compact midrise quarter without plants: UHI = (2 - SVF) (S DTR^3 / U)^(1/4) (Theeuwes et al. 2017).

    The formula fits measurements of 14 cities of northwestern Europe with an error of 0.9 K; it is no measurement of
    these three. Nothing of the model was fitted to it.
    """
    ours, formula = largest(*weather_of(cases / "data/epw" / STATIONS[city]))
    published.told(f"{city}: mean of 92 daily largest heat islands", ours.mean(), formula.mean(), unit="K")
    published.told(f"{city}: correlation of days", float(np.corrcoef(ours, formula)[0, 1]), 1.0)
    published.at_most(
        f"{city}: root mean square difference", float(np.sqrt(((ours - formula) ** 2).mean())), 2.0, unit="K"
    )
    assert abs(ours.mean() - formula.mean()) < 1.5


@pytest.mark.case("data/shanghai/buildings_xinhua_road.csv.gz")
def test_cooling_of_shanghai_in_urban_air(cases: Path, published: Published) -> None:
    """Cooling in a compact quarter's air; the set's weeks have other sun, vapour and wind too and are no answer to it.

    The set holds no weather of these weeks. Energy rises in its mild week
    and falls in its winter week, as in warmer air, yet cooling falls in its summer week, as warmer air alone cannot do.
    """
    weather, year = weather_of(cases / "data/epw" / STATIONS["Shanghai"])
    rows = pd.read_csv(cases / "data/shanghai/buildings_xinhua_road.csv.gz")
    first = summer_days(weather.dry_bulb.to_numpy(), weather.latitude)
    warmer = warming(weather, np.arange(first[0] - SPIN_UP, first[-1] + 1), year["cloud_cover"])
    air = year["dry_bulb"].copy()
    air.iloc[24 * first[0] : 24 * (first[-1] + 1)] += warmer.ravel()
    place = {"latitude": weather.latitude, "longitude": weather.longitude, "elevation": weather.elevation,
             "time_zone": weather.time_zone}  # fmt: skip
    given: dict[str, Any] = {
        name: values for name, values in year.items() if name not in ("wind_speed", "cloud_cover")
    } | place
    stock = row_of_buildings(("residential",))
    plain, urban = (
        float(energy(stock, **(given | {"dry_bulb": each})).cooling_demand.sum()) for each in (year["dry_bulb"], air)
    )
    published.told("Shanghai: cooling of homes in urban air over that in the file's, less 1", urban / plain - 1.0)
    for week, name in (("cooling", "summer"), ("transition", "mild"), ("heating", "winter")):
        theirs = float(rows[f"{week}_wrf_kwh"].sum() / rows[f"{week}_tmy_kwh"].sum() - 1.0)
        published.told(f"The set's own {name} week, urban climate over typical year, less 1", theirs)
        assert (theirs > 0.0) == (week == "transition")
    assert 0.0 < urban / plain - 1.0 < 0.6
