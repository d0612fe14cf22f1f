"""Hazards of a small town by pencil, from its files to the indicators that its report tells.

| indicator | by pencil |
|---|---|
| deaths in heat waves | days, deaths a day and relative risk of Huang et al. (2015) under a curve over probability |
| months in drought | SPEI as first printed: Thornthwaite, log-logistic, Abramowitz and Stegun's deviate |
| water that plants lack | the soil's store of Thornthwaite and Mather, month by month |
| sinking ground | rate times years, mean of the area |
| heavily damaged, displaced, debris | normal chances around the published medians of Hazus |
| services lost after shaking, time until 95 % of them | chances of three components that hang on one another |
| flooded facilities | depth of the cell that a facility stands in |
| hospital within its time | ways along a grid of streets |
| walls across the wind | projected sides of footprints over the land |
| half, four fifths and nearly all services after a flood | nothing is wet: none is lost |
"""

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.plausibility.hazard_town import CELL, RATE, WAVES, YEARS, written
from tests.study.made_study import BLOCK, SOUTH, WEST

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
LATITUDE = 30.69
"""Of the weather file's first line [degree]."""
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("灾害")
    answer = citybraid("run", str(written(folder)), "--no-report")
    assert answer.returncode == 0, answer.stderr
    return folder


@pytest.fixture(scope="module")
def town(place: Path) -> Run:
    return Run.open(next((place / "runs").iterdir()))


def told(town: Run, name: str) -> float:
    table = town.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def homes(place: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(place / "buildings.gpkg")


def normal(x: float) -> float:
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def test_deaths_in_heat_waves(place: Path, town: Run) -> None:
    """3.44 % a kelvin above the 79.1st centile of the file's days; 7.76 deaths a year in a thousand (China, 2024).

    Chen et al. (2018) find 2.7 % of all deaths due to heat; days in waves alone are a smaller part.
    """
    people = float(homes(place)["residents"].sum())
    daily = people * 7.76 / 1000.0 / 365.0
    rows = [line.split(",") for line in (place / "year.epw").read_text(encoding="utf-8").splitlines()[8:]]
    means = np.sort(np.array([float(row[6]) for row in rows]).reshape(365, 24).mean(axis=1))
    least = np.interp(0.791 * 364, np.arange(365), means)
    deaths = [days * daily * (1.0 - 1.0344 ** -max(air - least, 0.0)) for _, days, air in WAVES]
    chance = [1.0 / years for years, _, _ in WAVES]
    whole = 0.5 * deaths[0] * (1.0 - chance[0]) + deaths[-1] * chance[-1]
    whole += sum(0.5 * (a + b) * (p - q) for a, b, p, q in zip(deaths, deaths[1:], chance, chance[1:], strict=False))
    assert told(town, "heat_wave_deaths") == pytest.approx(whole, rel=0.005)
    assert 0.0 < whole / (people * 7.76 / 1000.0) < 0.027


def demand(air: Floats) -> Floats:
    """Potential evapotranspiration by Thornthwaite (1948), above 26.5 degC by Willmott's parabola [mm month-1].

    Daylight by Cooper's declination (1969), not the one of FAO-56.
    """
    mean = air.reshape(-1, 12).mean(axis=0)
    heat = float(sum((max(each, 0.0) / 5.0) ** 1.514 for each in mean))
    power = 6.75e-7 * heat**3 - 7.71e-5 * heat**2 + 1.792e-2 * heat + 0.49239
    day = np.arange(1, 366)
    tilt = np.radians(23.45) * np.sin(2.0 * np.pi * (284 + day) / 365.0)
    hours = 24.0 / np.pi * np.arccos(-np.tan(np.radians(LATITUDE)) * np.tan(tilt))
    light = np.array([hours[sum(DAYS[:m]) : sum(DAYS[: m + 1])].mean() for m in range(12)])
    plain = np.where(
        air < 26.5, 16.0 * (10.0 * np.maximum(air, 0.0) / heat) ** power, -415.85 + 32.24 * air - 0.43 * air**2
    )
    return np.asarray(plain * np.resize(light / 12.0 * np.array(DAYS) / 30.0, air.size), np.float64)


def deviate(chance: float) -> float:
    """Standard normal deviate as printed by Vicente-Serrano et al. (2010), after Abramowitz and Stegun (1965)."""
    rarer = min(chance, 1.0 - chance)
    w = math.sqrt(-2.0 * math.log(rarer))
    size = w - (2.515517 + 0.802853 * w + 0.010328 * w**2) / (1.0 + 1.432788 * w + 0.189269 * w**2 + 0.001308 * w**3)
    return -size if chance < 0.5 else size


def spei(net: Floats, months: int = 3) -> Floats:
    """SPEI of sums of `months`: eq. 5 to 10 with unbiased moments (Beguería et al. 2014)."""
    sums = np.array([net[at - months + 1 : at + 1].sum() if at >= months - 1 else np.nan for at in range(net.size)])
    index = np.full(net.size, np.nan)
    for month in range(12):
        here = [at for at in range(month, net.size, 12) if np.isfinite(sums[at])]
        x = np.sort(sums[here])
        n = x.size
        w = [sum(math.comb(n - i, s) * x[i - 1] for i in range(1, n + 1)) / n / math.comb(n - 1, s) for s in range(3)]
        beta = (2.0 * w[1] - w[0]) / (6.0 * w[1] - w[0] - 6.0 * w[2])
        both = math.gamma(1.0 + 1.0 / beta) * math.gamma(1.0 - 1.0 / beta)
        alpha = (w[0] - 2.0 * w[1]) * beta / both
        gamma = w[0] - alpha * both
        for at in here:
            ratio = (sums[at] - gamma) / alpha
            chance = 1.0 / (1.0 + ratio**-beta) if ratio > 0.0 else 0.5 * (1.0 - math.copysign(1.0, beta))
            index[at] = np.clip(deviate(min(max(chance, 1e-4), 1.0 - 1e-4)), -3.09, 3.09)
    return index


def test_months_in_drought(place: Path, town: Run) -> None:
    """A drought lasts as long as the index is negative, if it reaches -1 (McKee et al. 1993).

    By construction some 16 % of months lie below -1; with the months around them about a third are in a drought.
    """
    table = pd.read_csv(place / "逐月.csv")
    rain, air = (table[each].to_numpy(np.float64) for each in ("月降水量(mm)", "月平均气温(℃)"))
    index, dry, run = spei(rain - demand(air)), 0, list[float]()
    for each in [*index, 1.0]:
        if each < 0.0:
            run.append(float(each))
            continue
        dry += len(run) if run and min(run) <= -1.0 else 0
        run = []
    share = 100.0 * dry / int(np.isfinite(index).sum())
    (mine,) = town.layers("as_is")["standardized_balance"].values()
    found = town.value(mine).to_numpy(np.float64)
    assert np.nanmax(np.abs(found - index)) < 0.03
    assert told(town, "drought_months") == pytest.approx(share, abs=1.0)
    assert 16.0 < share < 50.0


def test_water_that_plants_lack(place: Path, town: Run) -> None:
    """150 mm of water in the soil, full at first; what is left falls by exp(-lack / 150) in a dry month."""
    table = pd.read_csv(place / "逐月.csv")
    rain, air = (table[each].to_numpy(np.float64) for each in ("月降水量(mm)", "月平均气温(℃)"))
    held, lack = 150.0, 0.0
    need = demand(air)
    for wet, asked in zip(rain, need, strict=True):
        if wet >= asked:
            held = min(held + wet - asked, 150.0)
            continue
        left = held * math.exp((wet - asked) / 150.0)
        lack += asked - wet - (held - left)
        held = left
    years = rain.size / 12
    assert told(town, "water_deficit") == pytest.approx(lack / years, rel=0.02)
    assert 750.0 < need.sum() / years < 1000.0, "plain of the lower Yangtze by Thornthwaite"


def test_sinking_ground(town: Run) -> None:
    """The file's rates fall from west to east by a step a cell; the area leaves out a cell at each edge."""
    rates = [RATE * (1.0 - at / 39.0) for at in range(1, 39)]
    assert told(town, "subsidence") == pytest.approx(float(np.mean(rates)) * YEARS / 1000.0, rel=1e-6)


MEDIANS = {
    ("low", 0): (0.26, 0.37), ("low", 1980): (0.32, 0.46), ("low", 1990): (0.41, 0.77),
    ("middle", 0): (0.21, 0.38), ("middle", 1980): (0.27, 0.46), ("middle", 1990): (0.49, 0.89),
    ("high", 0): (0.31, 0.52), ("high", 1980): (0.38, 0.65), ("high", 1990): (0.57, 1.07),
}  # fmt: skip
"""Acceleration at which extensive and complete damage are as likely as not [g], Hazus, ShakeCast tables 2 to 4."""


def shaking(x: float) -> float:
    """Acceleration of the file's cell at so many metres east of the corner [g]."""
    return 0.1 + 0.01 * math.floor((x + 50.0) / CELL)


def test_shaken_buildings(place: Path, town: Run) -> None:
    """Demolished dwellings are 1.3 t of debris a square metre.

    Chinese damage matrices for a town of half old masonry at degree VIII (0.2 to 0.4 g) have some 10 to 40 % of
    buildings damaged heavily or worse (recalled).
    """
    heavy, displaced, debris = 0.0, 0.0, 0.0
    for home in homes(place).itertuples():
        size = "low" if home.floors <= 3 else "middle" if home.floors <= 7 else "high"
        era = 1990 if home.year >= 1990 else 1980 if home.year >= 1980 else 0
        at = shaking(home.geometry.centroid.x - WEST)
        extensive, complete = (normal(math.log(at / median) / 0.64) for median in MEDIANS[size, era])
        heavy += extensive
        displaced += home.residents * extensive
        debris += home.geometry.area * home.floors * 1.3 * complete
    assert told(town, "quake_heavy_buildings") == pytest.approx(heavy, rel=1e-6)
    assert told(town, "quake_displaced") == pytest.approx(displaced, rel=1e-6)
    assert told(town, "quake_debris") == pytest.approx(debris, rel=1e-6)
    assert 0.1 < heavy / 14 < 0.4


def test_services_lost_and_back_after_shaking(town: Run) -> None:
    """Exchange and hospital hang on the substation; 400 draws of three chances stay within three standard errors.

    Two hours until crews begin, then 72 h for a substation or a hospital, 24 h for the exchange.
    """
    places = {"S0": (20.0, 0.2), "M1": (130.0, 0.26), "Y1": (220.0, 0.49)}
    power, telecom, health = (normal(math.log(shaking(x) / median) / 0.6) for x, median in places.values())
    lost = (power + 2.0 - (1.0 - power) * (1.0 - telecom) - (1.0 - power) * (1.0 - health)) / 3.0
    assert told(town, "quake_services_lost") == pytest.approx(100.0 * lost, abs=3.0 * 100.0 * 0.5 / math.sqrt(400))
    long = 1.0 - (1.0 - power) * (1.0 - health)
    assert long > 0.55, "more likely than not something needs three days"
    assert told(town, "quake_recovery") == pytest.approx(2.0 + 72.0)


def test_a_facility_stands_in_its_pit(place: Path, town: Run) -> None:
    """Of two facilities the hospital stands in a pit of a metre that the ground above drains into."""
    (layer,) = town.layers("as_is")["max_depth"].values()
    depth = np.nan_to_num(np.asarray(town.value(layer), np.float64))
    sites = gpd.read_file(place / "facilities.gpkg")
    cells = [tuple(math.floor(each) for each in ~town.grid.affine * (site.x, site.y)) for site in sites.geometry]
    wet = [bool(depth[row, column] >= 0.15) for column, row in cells]
    assert wet == [False, True]
    assert told(town, "flooded_facilities") == 1.0


def test_hospital_within_its_time(place: Path, town: Run) -> None:
    """A minute to leave, 0.6 to drive at 20 km/h along streets of a grid, from the nearest street on in a line."""
    reach = 0.6 * 20_000.0 / 60.0
    (hospital,) = gpd.read_file(place / "facilities.gpkg").query("kind == 'hospital'").geometry
    from_x, from_y, off = hospital.x - WEST, 200.0, abs(hospital.y - SOUTH - 200.0)
    with rasterio.open(place / "cover.tif") as file:
        cover = file.read(1)[1:39, 1:39]
    within = np.zeros(cover.shape, bool)
    for row, column in np.ndindex(*cover.shape):
        x, y = -35.0 + CELL * column, 335.0 - CELL * row
        ways = [off + from_street(x, y, line, along, from_x, from_y) for line in range(4) for along in "xy"]
        aside = [aside_of(x, y, line, along) for line in range(4) for along in "xy"]
        within[row, column] = ways[int(np.argmin(aside))] <= reach
    land = cover != 80
    share = 100.0 * float(within[land].mean())
    assert 20.0 < share < 80.0
    assert told(town, "hospital_coverage") == pytest.approx(share, abs=3.0)


def door(x: float, y: float, line: int, along: str) -> tuple[float, float]:
    """Point of a street nearest to a point: streets lie every 100 m and are 300 m long."""
    return (min(max(x, 0.0), 300.0), BLOCK * line) if along == "x" else (BLOCK * line, min(max(y, 0.0), 300.0))


def aside_of(x: float, y: float, line: int, along: str) -> float:
    at = door(x, y, line, along)
    return math.hypot(x - at[0], y - at[1])


def from_street(x: float, y: float, line: int, along: str, from_x: float, from_y: float) -> float:
    """Metres along streets from a point on a street that runs east, then off the street."""
    to_x, to_y = door(x, y, line, along)
    ways = [abs(from_x - corner) + abs(to_y - from_y) + abs(to_x - corner) for corner in (0.0, 100.0, 200.0, 300.0)]
    if along == "x" and line == 2:
        ways.append(abs(to_x - from_x))
    if along == "y":
        ways = [abs(from_x - to_x) + abs(to_y - from_y)]
    return min(ways) + aside_of(x, y, line, along)


def test_walls_across_the_wind(place: Path, town: Run) -> None:
    """Sides of footprints projected across the summer's wind, by the share of its hours, over 380 m by 380 m.

    Grimmond and Oke (1999) find 0.1 to 0.4 in towns; fourteen houses on 14 ha are below.
    """
    rows = [line.split(",") for line in (place / "year.epw").read_text(encoding="utf-8").splitlines()[8:]]
    table = np.array([[float(row[at]) for at in (6, 20, 21)] for row in rows])
    air = table[:, 0].reshape(365, 24).mean(axis=1)
    months = np.repeat(np.arange(12), DAYS)
    warm = np.argsort([air[months == month].mean() for month in range(12)])[-3:]
    summer = np.repeat(np.isin(months, warm), 24) & (table[:, 1] >= 0.5)
    comes = np.radians(22.5 * np.round(table[summer, 2] / 22.5))
    across = [
        home.height * (30.0 * np.abs(np.cos(comes)) + 20.0 * np.abs(np.sin(comes))).mean()
        for home in homes(place).itertuples()
    ]
    assert told(town, "frontal_area_index") == pytest.approx(sum(across) / 380.0**2, rel=0.1)
    assert told(town, "corridor_served") == 100.0, "nowhere do walls fill a third of the way"


def test_nothing_wet_nothing_to_recover(town: Run) -> None:
    """Components stand five metres above the ground."""
    for name in ("main_recovery", "near_recovery", "recovery_loss", "beds_lost", "service_wait_mean"):
        assert told(town, name) == 0.0, name
