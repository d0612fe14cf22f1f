"""Gothenburg: its card beside the pixels of its files, with a pencil."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

from tests.plausibility.pilots.reckoned import Floats, Reckoned, check, of_card, read, studied

PILOT = "gothenburg"
PAVED, BUILT, EVERGREEN, LEAFY, GRASS, BARE, WATER = range(1, 8)
"""Classes of UMEP."""
FOREST = 0.0578 * 44.0 / 12.0
"""Uptake of trees where a region has no row of its own [kg CO2 m-2 year-1]."""


def _inside(folder: Path) -> tuple[Floats, Floats, float]:
    """Return the cover's pixels within the terrain, heights of trees, and the terrain's area [ha]."""
    with rasterio.open(folder / "torgg_dem.tif") as ground:
        left, bottom, right, top = ground.bounds
    with rasterio.open(folder / "torgg_lc.tif") as source:
        cover, at = source.read(1).astype(np.float64), source.transform
    x = at.c + at.a * (np.arange(cover.shape[1]) + 0.5)
    y = at.f + at.e * (np.arange(cover.shape[0]) + 0.5)
    part = cover[np.ix_((y > bottom) & (y < top), (x > left) & (x < right))]
    trees, _ = read(folder / "torgg_cdsm.tif")
    return part[part < 255], trees, (right - left) * (top - bottom) / 1e4


def reckoned(folder: Path) -> list[Reckoned]:
    """Return the numbers by both routes."""
    card = of_card(PILOT)
    now = {name: values["as_is"] for name, values in card.items()}
    cover, trees, area = _inside(folder)
    share = {code: 100.0 * float((cover == code).mean()) for code in range(1, 8)}
    land = area * (1.0 - share[WATER] / 100.0)
    crowns = now["canopy_cover"] / 100.0
    water, grass = (share[code] / 100.0 * area * 10.0 for code in (WATER, GRASS))
    sink = crowns * area * 10.0 * FOREST + water * 0.092767 + grass * 0.0077
    storm = pd.read_csv(Path(__file__).parents[3] / "pilots" / PILOT / "storm_100_years.csv").iloc[:, 1].sum()
    rain = 60.0 * 60.0 / 1e4 * (190.0 * 1200.0 ** (1 / 3) * math.log(60.0) / 60.0**0.98 + 2.0)
    return [
        Reckoned("area", studied(PILOT), area, 1),
        Reckoned("land", now["flooded_area"] / now["flooded_share"] * 100, land, 1),
        Reckoned("flooded_land_district", now["flooded_share"], 100 * now["flooded_area"] / land, 1),
        Reckoned(
            "the_same_with_paving", card["flooded_share"]["greener"], 100 * card["flooded_area"]["greener"] / land, 1
        ),
        Reckoned(
            "pervious_ground_district",
            now["pervious_share"],
            sum(share[code] for code in (EVERGREEN, LEAFY, GRASS, BARE, WATER)),
            1,
        ),
        Reckoned(
            "blue_and_green", now["blue_green_share"], sum(share[code] for code in (EVERGREEN, LEAFY, GRASS, WATER)), 1
        ),
        Reckoned("canopy_district", now["canopy_cover"], 100.0 * float((trees >= 2.0).mean()), 1),
        Reckoned("uptake_district", now["green_sink"], sink, 1, 0.02),
        Reckoned("rain_of_100_years_in_an_hour", float(storm), rain, 1),
        Reckoned(
            "distance_to_the_target",
            100 * (card["flooded_share"]["greener"] - 5) / now["flooded_share"],
            100 * (100 * card["flooded_area"]["greener"] / land - 5) / (100 * now["flooded_area"] / land),
            0,
            0.02,
        ),
    ]


@pytest.mark.slow
@pytest.mark.case("data/gothenburg")
def test_numbers_of_the_whole_run_by_another_route(cases: Path) -> None:
    check(PILOT, reckoned(cases / "data" / "gothenburg"))
