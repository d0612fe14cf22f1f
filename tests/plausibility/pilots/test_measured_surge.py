"""Xiamen's surge beside the one measured surge of its bay: 1.79 m in the typhoon of 1983 (Liu 2002, second-hand).

The model with the pilot's shelf gives less than half of it by pressure and onshore wind alone, two thirds with the
water that wind drives along the shore. Meranti passed over the place, so that its strongest wind blew off the shore: a
pencil tells the parts of both.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.coast.surge import SurgeParams, surge
from citybraid.resilience.coast.typhoon_wind import TyphoonWindParams, typhoon_wind
from tests.plausibility.pilots.pencil import PILOTS

MEASURED = 1.79
SHORE = GeoBox.from_bbox((611_400.0, 2_709_400.0, 613_400.0, 2_711_400.0), crs="EPSG:4548", resolution=500)
"""Water 2 km around the middle of the pilot, 118.1° E, 24.5° N."""


class Parts(NamedTuple):
    """A surge, its parts when it is highest, and the strongest wind with where it comes from."""

    height: float
    pressure: float
    wind: float
    strongest: float
    from_: float


def parts_of(
    file: Path, year: int, name: str, latitude: float | None = None, *, width: float = 60.0, depth: float = 30.0
) -> Parts:
    """Return the surge of a typhoon of the best tracks, with its parts by pencil; on the pilot's shelf unless given.

    `width` is in km and `depth` in m.
    """
    rows = pd.read_csv(file)
    rows = rows[(rows["year"] == year) & (rows["name"] == name)]
    when = pd.to_datetime(rows["yyyymmddhh"].astype(str), format="%Y%m%d%H")
    fixes = (when - when.iloc[0]).dt.total_seconds().to_numpy() / 3600.0
    hours = np.arange(0.0, fixes[-1] + 1.0)
    track = {
        f"track_{each}": pd.Series(np.interp(hours, fixes, rows[column].to_numpy(np.float64)), index=hours)
        for each, column in (("latitude", "lat"), ("longitude", "lon"), ("pressure", "pres_hPa"))
    }
    air, water = dict(resolve("typhoon_wind")), dict(resolve("surge"))
    sea = xr.DataArray(np.full(SHORE.shape, 80, np.int32), dims=("y", "x"))
    blown = typhoon_wind(**track, typhoon=air, grid=SHORE, p=TyphoonWindParams(), land_cover=sea)
    found = surge(
        site_wind=blown.site_wind, site_wind_from=blown.site_wind_from, site_pressure=blown.site_pressure,
        high_tide=0.0, coast=water, typhoon=air,
        p=SurgeParams(seaward=150, shelf_width=width, shelf_depth=depth, latitude=latitude),
    )  # fmt: skip
    at, most = int(found.surge.to_numpy().argmax()), int(blown.site_wind.to_numpy().argmax())
    low = (air["ambient_pressure"] - float(blown.site_pressure.iloc[at])) * 100.0 / (1025.0 * 9.80665)
    speed = float(blown.site_wind.iloc[at])
    stress = air["air_density"] * min(0.0008 + 0.000065 * speed, 0.0025) * speed**2
    onshore = stress * np.cos(np.radians(float(blown.site_wind_from.iloc[at]) - 150.0))
    piled = float(np.sqrt(depth**2 + 2.0 * onshore * 1000.0 * width / (1025.0 * 9.80665)) - depth)
    return Parts(
        found.surge_height, low, piled, float(blown.site_wind.iloc[most]), float(blown.site_wind_from.iloc[most])
    )


@pytest.mark.case("data/typhoon_tracks")
def test_the_typhoon_of_1983_raises_the_model_less_than_the_bay(cases: Path) -> None:
    file = cases / "data/typhoon_tracks/cma_tracks_1949_2018.csv"
    wayne, meranti = parts_of(file, 1983, "Wayne"), parts_of(file, 2016, "MERANTI")
    for each in (wayne, meranti):
        assert each.height == pytest.approx(each.pressure + each.wind, abs=0.005)
    assert wayne.height == pytest.approx(0.82, abs=0.01)
    assert wayne.height < MEASURED / 2.0, "what is left out is the larger half"
    assert meranti.height == pytest.approx(0.65, abs=0.015)
    assert meranti.strongest > wayne.strongest
    assert abs(wayne.from_ - 150.0) < 60.0, "ashore, as the centre passes to the west"
    assert abs(meranti.from_ - 150.0) > 90.0, "off the shore, as the centre passes over"
    turned = parts_of(file, 1983, "Wayne", latitude=24.5)
    assert turned.height == pytest.approx(1.16, abs=0.01), "water that the wind drives along the shore, turned ashore"
    assert turned.height < MEASURED / 1.5, "waves, the funnel of the bay and the assumed shelf are left"
    wide = parts_of(file, 1983, "Wayne", latitude=24.5, width=100.0)
    strait = parts_of(file, 1983, "Wayne", latitude=24.5, width=180.0, depth=60.0)
    assert wide.height == pytest.approx(1.81, abs=0.01), "as measured, were the shelf as wide as this"
    assert strait.height == pytest.approx(1.96, abs=0.01), "one wind over all of the strait is too much"
    assert turned.height < MEASURED < strait.height
    meranti = parts_of(file, 2016, "MERANTI", latitude=24.5)
    assert meranti.height == pytest.approx(0.94, abs=0.01), "as the pilot computes it"
    page = (PILOTS / "xiamen" / "README.md").read_text(encoding="utf-8").replace("\n  ", " ")
    for number in (
        f"{wayne.height:.2f} m", f"{turned.height:.2f} m", f"{wayne.pressure:.2f}", f"{wayne.wind:.2f}",
        f"{wide.height:.2f} m", f"{strait.height:.2f} m", "0.94 m", f"{meranti.pressure:.2f} m",
        f"{MEASURED / turned.height:.1f}",
    ):  # fmt: skip
        assert page.count(number) >= 2, f"{number}: Chinese and English"
