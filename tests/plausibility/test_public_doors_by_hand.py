"""Models called as a stranger calls them, away from their defaults, by another route: SciPy's flows and distributions.

A grid of streets with two ways out and one-way streets, by a largest flow for every minute; several threats to
habitat, near and around, cell by cell; drought indices of the southern hemisphere by SciPy's distributions; rooftop
modules of odd tilts at five latitudes, of leap years too, by pvlib's chain.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pvlib
import pytest
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy import stats
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from shapely.geometry import LineString, box

import citybraid as cb
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import COVER

Floats = NDArray[np.float64]
CRS = "EPSG:32651"
HEAD = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note"
HOURS = np.arange(8760.0)


def own(tmp_path: Path, **rows: dict[str, float]) -> Path:
    """Return a table of own rows by factor."""
    lines = [
        f"{name},{key},{value},,,,{resolve(name).rows[key].unit if key in resolve(name) else '1'},,,,user,ours,"
        for name, each in rows.items() for key, value in each.items()
    ]  # fmt: skip
    table = tmp_path / "own.csv"
    table.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return table


PLACES = [(x * 1000.0, y * 1000.0) for y in range(3) for x in range(3)] + [(3000.0, 0.0), (-1000.0, 2000.0)]
EXITS = (9, 10)
STREETS = (
    (0, 1, "primary", "no", 1), (1, 2, "residential", "no", 2), (2, 9, "secondary", "no", 1),
    (0, 3, "tertiary", "no", 3), (1, 4, "residential", "yes", 1), (2, 5, "primary", "-1", 2),
    (3, 4, "secondary", "no", 1), (4, 5, "tertiary", "yes", 1), (3, 6, "residential", "no", 1),
    (5, 8, "primary", "no", 2), (6, 7, "primary", "-1", 1), (7, 8, "secondary", "no", 1),
    (6, 10, "residential", "no", 1),
)  # fmt: skip
"""Ends, class, direction and minutes of a kilometre of each street; the last two places lie outside."""
PEOPLE = {0: 700.0, 4: 900.0, 8: 400.0}


def out_by(minute: int, links: list[tuple[int, int, int, float]]) -> float:
    """Return how many can be out by a minute: a largest flow of the network expanded in time."""
    size, home = len(PLACES), {node: (minute + 1) * len(PLACES) + at for at, node in enumerate(PEOPLE)}
    source, sink = (minute + 1) * size + len(home), (minute + 1) * size + len(home) + 1
    room: Counter[tuple[int, int]] = Counter()
    for node, count in PEOPLE.items():
        room[source, home[node]] += int(count * 3000)
        for now in range(minute + 1):
            room[home[node], now * size + node] += 10**8
    for now in range(minute + 1):
        for tail, head, minutes, capacity in links:
            if now + minutes <= minute:
                room[now * size + tail, (now + minutes) * size + head] += round(capacity * 3000)
        for node in EXITS:
            room[now * size + node, sink] += 10**8
    ends = np.array([*room])
    graph = csr_array((np.array([*room.values()], np.int32), (ends[:, 0], ends[:, 1])), shape=(sink + 1, sink + 1))
    return float(maximum_flow(graph, source, sink).flow_value) / 3000


@pytest.mark.parametrize("contraflow", [False, True])
def test_no_plan_is_faster_than_the_evacuation(contraflow: bool, tmp_path: Path) -> None:
    """As many are out by every minute as a largest flow brings, with lanes of both directions and without."""
    gain = 0.5 if contraflow else 0.0
    capacity = resolve("road_capacity")
    links = []
    for tail, head, kind, way, minutes in STREETS:
        ahead, back = float(way != "-1"), float(way != "yes")
        links += [(tail, head, minutes, capacity[kind] / 60 * (ahead + gain * back) * (ahead + gain > 0))]
        links += [(head, tail, minutes, capacity[kind] / 60 * (back + gain * ahead) * (back + gain > 0))]
    streets = gpd.GeoDataFrame(
        {
            "road_class": [each[2] for each in STREETS], "one_way": [each[3] for each in STREETS],
            "speed_limit": [60.0 / each[4] for each in STREETS],
        },
        geometry=[LineString([PLACES[each[0]], PLACES[each[1]]]) for each in STREETS], crs=CRS,
    )  # fmt: skip
    homes = gpd.GeoDataFrame(
        {"residents": [*PEOPLE.values()]},
        geometry=[box(x - 6, y - 6, x + 6, y + 6) for x, y in (PLACES[node] for node in PEOPLE)], crs=CRS,
    )  # fmt: skip
    found = cb.models.evacuation(
        buildings=homes, streets=streets, study_area=gpd.GeoSeries([box(-500, -500, 2500, 2500)], crs=CRS),
        grid=GeoBox.from_bbox((-1500, -500, 3500, 2500), crs=CRS, resolution=500), step=1.0, exit_reach=0.0,
        contraflow=contraflow,
        factors=own(tmp_path, evacuation={"car_share": 1.0, "car_load": 1.0, "contraflow_gain": 0.5}),
    )  # fmt: skip
    told = range(0, len(found.clearance_course), 7)
    want = [out_by(minute, [each for each in links if each[3] > 0.0]) for minute in told]
    np.testing.assert_allclose(found.clearance_course.to_numpy()[::7], want, atol=0.05)
    assert found.people_left_behind.sum() == 0.0
    assert found.clearance_course.iloc[-1] == pytest.approx(2000.0)


@pytest.mark.parametrize("reading", ["density", "nearest"])
def test_several_threats_cell_by_cell(reading: str, tmp_path: Path) -> None:
    """Linear and exponential threats with other weights on oblong cells, one a raster, with access by cell."""
    drawn = np.random.default_rng(5)
    shape, (wide, high) = (6, 8), (30.0, 20.0)
    cover = drawn.choice([code for code, _ in COVER], shape)
    suits, access = drawn.random(shape), drawn.random(shape)
    noise = drawn.random(shape) * (drawn.random(shape) < 0.3)
    laws = {"residential": (0.7, 90.0, 1.0), "transport": (1.3, 150.0, 0.0), "noise": (0.4, 60.0, 1.0)}
    sensitive = {f"{threat}/{name}": round(float(drawn.random()), 3) for threat in laws for _, name in COVER}
    rows = {
        f"{threat}/{part}": value
        for threat, law in laws.items()
        for part, value in zip(("weight", "reach", "exponential"), law, strict=True)
    }
    table = own(tmp_path, habitat_threat=rows, habitat_sensitivity=sensitive)
    text = table.read_text("utf-8").replace("noise/reach,60.0,,,,1,", "noise/reach,60.0,,,,m,")
    table.write_text(text, encoding="utf-8")
    found = cb.models.habitat_quality(
        land_cover=cover, habitat_suitability=suits, threat_intensities={"noise": noise}, threat_access=access,
        reading=reading, half_saturation=0.2, exponent=1.5, factors=table,
        grid=GeoBox.from_bbox((0, 0, wide * 8, high * 6), crs=CRS, shape=shape),
    )  # fmt: skip
    where = {"residential": np.isin(cover, (50, 52)) * 1.0, "transport": (cover == 51) * 1.0, "noise": noise}
    y, x = np.mgrid[:6, :8]
    degraded = np.zeros(shape)
    for at in np.ndindex(shape):
        away = np.hypot((y - at[0]) * high, (x - at[1]) * wide)
        for threat, (weight, reach, exponential) in laws.items():
            fading = np.where(away <= reach, np.exp(-2.99 * away / reach) if exponential else 1.0 - away / reach, 0.0)
            if reading == "density":
                strength = float((fading * where[threat]).sum() / fading.sum())
            else:
                # Of sources equally near the left and then the upper counts
                order = np.lexsort((y.ravel(), x.ravel(), np.where(where[threat] > 0, away, np.inf).ravel().round(6)))
                strength = float((fading * where[threat]).ravel()[order[0]])
            share = weight / 2.4 * access[at] * sensitive[f"{threat}/{dict(COVER)[int(cover[at])]}"]
            degraded[at] += share * strength
    np.testing.assert_allclose(found.habitat_degradation, degraded, atol=1e-12)
    np.testing.assert_allclose(
        found.habitat_quality, suits * (1 - degraded**1.5 / (degraded**1.5 + 0.2**1.5)), atol=1e-12
    )


def test_droughts_of_the_southern_hemisphere() -> None:
    """A record that begins in May, 35 degrees south: SPI by SciPy's gamma, evaporation by its published law."""
    drawn = np.random.default_rng(3)
    count, begun = 12 * 40 + 5, 4
    month = (np.arange(count) + begun) % 12
    rain = drawn.gamma(0.9, 60.0, count) * (drawn.random(count) > 0.15)
    air = 15.0 + 14.0 * np.cos(2 * np.pi * month / 12) + drawn.normal(0.0, 1.0, count)
    index = pd.Index(np.arange(count) * 730.5)
    for months in (2, 24):
        sums = pd.Series(rain).rolling(months).sum().to_numpy()
        want = np.full(count, np.nan)
        for each in range(12):
            here = (month == each) & np.isfinite(sums)
            wet = sums[here & (sums > 0.0)]
            spread = np.log(wet.mean()) - np.log(wet).mean()
            shape = (1 + np.sqrt(1 + 4 * spread / 3)) / (4 * spread)
            dry = float((sums[here] == 0.0).mean())
            chance = dry + (1 - dry) * stats.gamma.cdf(sums[here], shape, scale=wet.mean() / shape)
            want[here] = np.clip(stats.norm.ppf(chance), -3.09, 3.09)
        found = cb.models.standardized_precipitation(
            monthly_rain=pd.Series(rain, index=index), record_start=1951 + begun / 12, months=months
        )
        np.testing.assert_allclose(found.standardized_precipitation, want, atol=1e-9)
    got = cb.models.monthly_evapotranspiration(
        monthly_temperature=pd.Series(air, index=index), record_start=1951 + begun / 12, latitude=-35.3
    ).monthly_evapotranspiration
    usual = np.array([air[month == each].mean() for each in range(12)])
    heat = float(((np.maximum(usual, 0.0) / 5) ** 1.514).sum())
    power = 6.75e-7 * heat**3 - 7.71e-5 * heat**2 + 1.792e-2 * heat + 0.49239
    tilt = 0.409 * np.sin(2 * np.pi / 365 * np.arange(1, 366) - 1.39)
    light = 24 / np.pi * np.arccos(-np.tan(np.radians(-35.3)) * np.tan(tilt))
    ends = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    days = np.array([light[start:end].sum() / 12 / 30 for start, end in pairwise(ends)])
    warm = np.maximum(air, 0.0)
    plain = np.where(warm < 26.5, 16 * (10 * warm / heat) ** power, -415.85 + 32.24 * warm - 0.43 * warm**2)
    np.testing.assert_allclose(got, plain * days[month], rtol=1e-12)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone", "year", "tilt", "azimuth"),
    [(-33.9, 151.2, 10, 2023, 37.0, 95.0), (0.3, 32.6, 3, 2024, 90.0, 3.0), (69.6, 18.9, 1, 2020, 20.0, 180.0),
     (-77.8, 166.7, 12, 2023, 60.0, 271.5), (64.0, -150.0, -9, 2031, 0.0, 0.0)],
)  # fmt: skip
def test_roofs_of_far_places_by_pvlib(
    latitude: float, longitude: float, zone: int, year: int, tilt: float, azimuth: float
) -> None:
    """PVWatts version 5 by pvlib's own functions from sun to grid: south, equator, both polar circles, leap years."""
    drawn = np.random.default_rng(0)
    clock = pd.date_range(f"{year}-01-01 00:30", f"{year}-12-31 23:30", freq="h")
    clock = clock[~((clock.month == 2) & (clock.day == 29))]
    moments = (clock - pd.Timedelta(hours=zone)).tz_localize("UTC")
    sun = pvlib.solarposition.get_solarposition(moments, latitude, longitude, altitude=40.0)
    zenith, up = sun["apparent_zenith"], np.cos(np.radians(sun["apparent_zenith"].to_numpy()))
    beam, sky = (
        np.where(up > 0.05, drawn.uniform(0, 900, 8760), 0.0),
        np.maximum(up, 0.0) * drawn.uniform(10, 300, 8760),
    )
    level, air, wind = sky + beam * np.maximum(up, 0.0), drawn.normal(10, 10, 8760), drawn.gamma(2, 1.5, 8760)
    given = {
        name: pd.Series(values, index=HOURS)
        for name, values in (
            ("global_horizontal", level), ("direct_normal", beam), ("diffuse_horizontal", sky), ("dry_bulb", air),
            ("wind_speed", wind),
        )
    }  # fmt: skip
    roof = gpd.GeoDataFrame({"pv_roof": [0.4], "height": [10.0]}, geometry=[box(0, 0, 20, 10)], crs=CRS)
    found = cb.models.pv_generation(
        buildings=roof, latitude=latitude, longitude=longitude, elevation=40.0, time_zone=float(zone), tilt=tilt,
        azimuth=azimuth, calendar_year=year, **given,
    )  # fmt: skip
    loss = resolve("pv_loss")
    plane = pvlib.irradiance.get_total_irradiance(
        tilt, azimuth, zenith, sun["azimuth"], beam, level, sky,
        dni_extra=pvlib.irradiance.get_extra_radiation(moments.day_of_year.to_numpy()),
        airmass=pvlib.atmosphere.get_relative_airmass(zenith), albedo=resolve("building_physics")["ground_albedo"],
        model="perez",
    ).fillna(0.0)  # fmt: skip
    passed = pvlib.iam.physical(
        pvlib.irradiance.aoi(tilt, azimuth, zenith, sun["azimuth"]), n=1.526, K=4, L=0.002, n_ar=1.3
    )
    cell = pvlib.temperature.sapm_cell(plane["poa_global"], air, wind, a=-3.56, b=-0.075, deltaT=3)
    direct = pvlib.pvsystem.pvwatts_dc(
        plane["poa_global"] - (1 - passed) * plane["poa_direct"], cell, 1.0, loss["temperature"]
    ) * (1 - loss["system"])
    efficiency = loss["inverter_efficiency"]
    hours = pvlib.inverter.pvwatts(direct, 1 / (loss["dc_over_ac"] * efficiency), efficiency).sum()
    assert found.pv_generation.iloc[0] == pytest.approx(80.0 * resolve("pv_power_density")[""] * hours, rel=1e-4)
