"""Typhoons: pressure observed at Shanghai, and the strongest winds of best tracks."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.kernels.climate.cyclone import Track, coriolis, gradient_wind
from citybraid.resilience.coast.typhoon_wind import TyphoonWindParams, typhoon_wind
from citybraid.sources.series.typhoon_track import typhoon_track
from tests.validation.publishing import Published

SHANGHAI = GeoBox((2, 2), Affine(500.0, 0, 354_000.0, 0, -500.0, 3_475_000.0), "EPSG:32651")
"""The middle of Shanghai, 121.46° E, 31.4° N."""


def observed_and_modelled(cases: Path, year: int, number: str) -> pd.DataFrame:
    """Pressure at Shanghai [hPa] by hour of Chinese time, observed and by the model along the best track."""
    tracks = pd.read_csv(cases / "data" / "typhoon_tracks" / "cma_tracks_1949_2018.csv", dtype=str)
    mine = tracks[(tracks.year == str(year)) & (tracks.seq.astype(int) == int(number))].drop_duplicates("yyyymmddhh")
    series = {layer.var.name: layer.value for layer in typhoon_track(mine, columns={}, event="e", name="track").layers}
    found = typhoon_wind(**series, typhoon=resolve("typhoon_wind"), grid=SHANGHAI, p=TyphoonWindParams(step=1.0))
    start = pd.to_datetime(mine.yyyymmddhh.iloc[0], format="%Y%m%d%H") + pd.Timedelta(hours=8)
    hours = found.site_pressure.index.to_numpy()
    times = pd.DatetimeIndex([start + pd.Timedelta(hours=float(each)) for each in hours])
    file = next((cases / "data" / "shanghai_hourly_weather").glob("Shanghai*.csv"))
    weather = pd.read_csv(file)
    weather.index = pd.to_datetime(weather[["year", "month", "day", "hour"]])
    both = pd.DataFrame({"modelled": found.site_pressure.to_numpy()}, index=times)
    return both.assign(observed=weather.PRES.reindex(times))


@pytest.mark.case("data/shanghai_hourly_weather")
@pytest.mark.case("data/typhoon_tracks/cma_tracks_1949_2018.csv")
def test_pressure_at_shanghai_as_a_typhoon_passes_over(cases: Path, published: Published) -> None:
    """Fung-wong of September 2014 passed within 12 km of Shanghai: its pressure hour by hour against the station's."""
    both = observed_and_modelled(cases, 2014, "19")
    lowest, seen = (pd.Timestamp(str(both[name].idxmin())) for name in ("modelled", "observed"))
    near = both[lowest - pd.Timedelta(hours=18) : lowest + pd.Timedelta(hours=18)]
    low, low_seen = float(near.modelled.min()), float(near.observed.min())
    published.near("Fung-wong 2014 at Shanghai: lowest pressure", low, low_seen, by=4.0, unit="hPa")
    late = abs((lowest - seen).total_seconds()) / 3600.0
    published.at_most("Fung-wong 2014: time of the lowest pressure", late, 3.0, unit="h")
    off = float(((near.modelled - near.observed) ** 2).mean() ** 0.5)
    published.at_most("Fung-wong 2014: difference over 36 h (root mean square)", off, 2.5, unit="hPa")
    assert near.observed.notna().mean() > 0.9
    figure = plt.figure(figsize=(7.0, 3.4), layout="constrained")
    axes = figure.subplots()
    hours = np.arange(len(near)) - 18
    axes.plot(hours, near.observed, "o", color="#3d3d3d", ms=3.5, label="observed")
    axes.plot(hours, near.modelled, color="#b3261e", label="modelled along the best track")
    axes.set(
        xlabel="hours from the lowest pressure modelled, 23 September 14 h",
        ylabel="pressure at Shanghai [hPa]",
        title="Fung-wong, September 2014",
    )
    axes.legend(frameon=False)
    figure.savefig(published.figure("typhoon_shanghai", "Pressure at Shanghai as Fung-wong passed over."), dpi=110)
    plt.close(figure)


@pytest.mark.case("data/shanghai_hourly_weather")
@pytest.mark.case("data/typhoon_tracks/cma_tracks_1949_2018.csv")
def test_a_wide_typhoon_reaches_farther_than_modelled(cases: Path, published: Published) -> None:
    """Chan-hom of July 2015 was wide: 156 km off, the formula of the radius misses half of its fall of pressure."""
    both = observed_and_modelled(cases, 2015, "9")
    day = both["2015-07-11 05:00":"2015-07-11 14:00"]
    missed = float((day.modelled - day.observed).mean())
    published.told("Chan-hom 2015, 156 km off: pressure too high by", missed, 0.0, unit="hPa")
    assert 4.0 < missed < 12.0


@pytest.mark.case("data/typhoon_tracks/cma_tracks_1949_2018.csv")
def test_strongest_winds_of_best_tracks(cases: Path, published: Published) -> None:
    """Strongest winds by pressure; best tracks' winds rest on pressure too, so this shows that rows belong together."""
    rows = pd.read_csv(cases / "data" / "typhoon_tracks" / "cma_tracks_1949_2018.csv")
    rows = rows[(rows.year >= 1980) & (rows.pres_hPa < 1000) & (rows.wind_ms >= 17) & rows.lat.between(5, 40)]
    typhoon = resolve("typhoon_wind")
    latitude = rows.lat.to_numpy(np.float64)
    deficit = typhoon["ambient_pressure"] - rows.pres_hPa.to_numpy(np.float64)
    radius = 1000.0 * np.exp(
        typhoon["radius_constant"] + typhoon["radius_deficit"] * deficit**2 + typhoon["radius_latitude"] * latitude
    )
    shape = typhoon["shape_constant"] + typhoon["shape_turning"] * np.sqrt(coriolis(latitude) * radius)
    track = Track(latitude, rows.lon.to_numpy(np.float64), deficit, radius, shape, 6.0)
    found = typhoon["surface_water"] * gradient_wind(radius[:, None], track, density=typhoon["air_density"])[:, 0]
    off = found - rows.wind_ms.to_numpy(np.float64)
    assert len(rows) > 20_000
    what = "Strongest winds of 21 137 fixes (CMA 1980-2018)"
    published.near(f"{what}: correlation", float(np.corrcoef(found, found - off)[0, 1]), 1.0, by=0.04)
    published.near(f"{what}: mean difference", float(np.mean(off)), 0.0, by=1.0, unit="m/s")
    published.at_most(f"{what}: spread", float(np.std(off)), 3.0, unit="m/s")
