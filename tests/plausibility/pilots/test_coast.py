"""Xiamen: numbers of its page from the synthetic files, the typhoon's best track and printed factors by a pencil."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from rasterio.features import rasterize
from scipy import ndimage
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import KDTree

from citybraid.commons.form.card import Card
from tests.plausibility.pilots.pencil import Floats, Number, card_of, check, hours, made, raster, value

pytestmark = [pytest.mark.slow, pytest.mark.case("data/typhoon_tracks"), pytest.mark.case("data/epw")]

CELL = 30.0
HECTARES = CELL**2 / 1e4
AROUND = np.ones((3, 3), np.bool_)
TREES, WATER, WETLAND, SEALED = 10, 80, 90, (50, 51, 52)
UPTAKE = {TREES: 0.211933, 30: 0.0077, WATER: 0.092767, WETLAND: 0.092767}
"""Trees and grass of Guangzhou, water and wetland of Chinese papers on land use [kg CO2 m-2 year-1]."""
HALF_CHANCE = 2000.0
"""Gap that wildlife of short reach crosses with a chance of one half [m]."""
SEA = 2.943
"""Surge, high tide and rise of the sea: 0.939 + 1.98 + 0.024, rounded to millimetres [m]."""
SITE = (118.1088, 24.4899)
"""Middle of the pilot [degree]."""


class Coast(NamedTuple):
    """The pilot's card and rasters."""

    card: Card
    ground: Floats
    cover: Floats
    inside: np.ndarray
    track: pd.DataFrame
    air: Floats


@pytest.fixture(scope="module")
def coast(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Coast:
    card, data = card_of("xiamen"), cases / "data"
    files = made("xiamen", tmp_path_factory.mktemp("xiamen"), data)
    ground, transform = raster(files / "地形高程_合成.tif")
    cover, _ = raster(files / "地表覆盖_合成.tif")
    area = gpd.read_file(files / "规划范围_合成.gpkg").geometry
    inside = rasterize([(each, 1) for each in area], out_shape=cover.shape, transform=transform) > 0
    track = pd.read_csv(data / "typhoon_tracks" / "cma_tracks_1949_2018.csv")
    track = track[(track["year"] == 2016) & (track["name"] == "MERANTI")]
    air = hours(data / "epw" / "CHN_Fujian.Xiamen.591340_CSWD.epw", 6)
    return Coast(card, ground, cover, inside, track, air)


def under_the_sea(coast: Coast, level: float) -> float:
    """Return the land below a level that is joined to the southern or eastern rim [ha]."""
    parts, _ = ndimage.label(coast.ground < level, AROUND)
    rim = np.unique(np.concatenate([parts[-1], parts[:, -1]]))
    sea = np.isin(parts, rim[rim > 0]) & ~np.isin(coast.cover, (WATER, WETLAND))
    return float(sea.sum()) * HECTARES


def patches(coast: Coast) -> tuple[list[Floats], Floats]:
    """Return places of the cells of each patch of a quarter of a hectare and more [m], and their areas [ha]."""
    labels, count = ndimage.label(np.isin(coast.cover, (TREES, WETLAND)), AROUND)
    cells = [np.asarray(CELL * np.argwhere(labels == each), np.float64) for each in range(1, count + 1)]
    large = [each for each in cells if len(each) * HECTARES >= 0.25]
    return large, np.array([len(each) for each in large]) * HECTARES


def connected(coast: Coast) -> float:
    """Return the root of the sum of ai aj pij [ha]: chances over gaps from edge to edge, by stepping stones."""
    cells, area = patches(coast)
    trees = [KDTree(each) for each in cells]
    gap = np.zeros((len(cells), len(cells)))
    for one in range(len(cells)):
        for other in range(one):
            nearest = float(np.min(trees[other].query(cells[one])[0]))
            gap[one, other] = gap[other, one] = max(nearest - CELL, 1e-6)
    chance = 0.5 ** (shortest_path(gap) / HALF_CHANCE)
    return float(np.sqrt(area @ chance @ area))


def hourly_track(coast: Coast) -> tuple[Floats, ...]:
    """Return east and north of the site [m] and pressure [hPa] along the track, every quarter of an hour."""
    times = pd.to_datetime(coast.track["yyyymmddhh"].astype(str), format="%Y%m%d%H")
    at = ((times - times.iloc[0]).dt.total_seconds() / 3600.0).to_numpy()
    every = np.arange(0.0, at[-1], 0.25)
    north, east, pressure = (np.interp(every, at, coast.track[name]) for name in ("lat", "lon", "pres_hPa"))
    degree = 111_195.0
    return (east - SITE[0]) * degree * np.cos(np.radians(SITE[1])), (north - SITE[1]) * degree, pressure


def strongest_wind(coast: Coast) -> float:
    """Return nine tenths of Holland's gradient wind at the site, turned by 20 degrees, and half the eye's motion."""
    x, y, pressure = hourly_track(coast)
    latitude = SITE[1] + y / 111_195.0
    turning = 2.0 * 7.2921e-5 * np.sin(np.radians(latitude))
    deficit = 100.0 * (1008.3 - pressure)
    radius = 1e3 * np.exp(3.015 - 6.291e-5 * (deficit / 100.0) ** 2 + 0.0337 * latitude)
    shape = np.clip(1.833 - 0.326 * np.sqrt(turning * radius), 0.5, 2.5)
    distance = np.hypot(x, y)
    steep = (radius / distance) ** shape
    own = turning * distance / 2.0
    gradient = np.sqrt(shape * deficit / 1.15 * steep * np.exp(-steep) + own**2) - own
    # The site lies at (-x, -y) from the eye: round it to the left, and 20 degrees inward.
    inward = np.radians(20.0)
    across, along = y / distance, -x / distance
    inside, up = x / distance, y / distance
    east = 0.9 * gradient * (np.cos(inward) * across + np.sin(inward) * inside)
    north = 0.9 * gradient * (np.cos(inward) * along + np.sin(inward) * up)
    motion = np.gradient(x) / 900.0, np.gradient(y) / 900.0
    return float(np.hypot(east + 0.55 * motion[0], north + 0.55 * motion[1]).max())


LABELS = [
    "Strongest wind", "Land under the sea", "Permeable ground", "Uptake of green", "Habitat in patches",
    "Habitat that is connected", "Core of habitat", "Mean temperature", "Nearest point of the track",
    "Conductance with crossings",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_ten_numbers_of_xiamen(coast: Coast, label: str) -> None:
    card, inside = coast.card, coast.cover[coast.inside]
    habitat = np.isin(coast.cover, (TREES, WETLAND))
    x, y, _ = hourly_track(coast)
    found = {
        "Strongest wind": lambda: Number(value(card, "typhoon_wind"), strongest_wind(coast), digits=1, within=0.02),
        "Land under the sea": lambda: Number(value(card, "coastal_area"), under_the_sea(coast, SEA), digits=1),
        "Permeable ground": lambda: Number(
            value(card, "pervious_share"), 100.0 * float((~np.isin(inside, SEALED)).mean()), digits=1
        ),
        "Uptake of green": lambda: Number(
            value(card, "green_sink"), sum(10.0 * HECTARES * rate * (inside == at).sum() for at, rate in UPTAKE.items())
        ),
        "Habitat in patches": lambda: Number(value(card, "habitat_area"), float(patches(coast)[1].sum()), digits=1),
        "Habitat that is connected": lambda: Number(value(card, "connected_area"), connected(coast), within=0.005),
        "Core of habitat": lambda: Number(
            value(card, "mspa_core_area"),
            float(ndimage.binary_erosion(habitat, AROUND, border_value=1).sum()) * HECTARES, digits=1,
        ),
        "Mean temperature": lambda: Number(float(card.features["mean_temperature"].value or 0.0), coast.air.mean(), 1),
        "Nearest point of the track": lambda: Number(8.0, float(np.hypot(x, y).min()) / 1e3, within=0.05),
        "Conductance with crossings": lambda: Number(
            value(card, "patch_conductance", "crossings") / value(card, "patch_conductance"), 4.71, digits=2,
            within=0.002,
        ),
    }  # fmt: skip
    check("xiamen", label, found[label]())


def test_the_strongest_wind_is_near_what_was_measured_and_what_the_track_states(coast: Coast) -> None:
    """49.8 m/s in ten minutes 41 m above the sea, a bridge of Xiamen: 43 m/s at 10 m by a power of 0.11.

    The track states 52 m/s six hours before the eye is past, and 48 m/s at landfall.
    """
    told = value(coast.card, "typhoon_wind")
    assert told == pytest.approx(49.8 * (10.0 / 41.0) ** 0.11, rel=0.1)
    assert 43.0 < told < float(coast.track.loc[coast.track["yyyymmddhh"] == 2016091418, "wind_ms"].iloc[0])
