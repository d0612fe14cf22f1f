"""Eleven units of Xi'an: numbers of the page and the lessons from files and printed prices by a pencil."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from citybraid.commons.form.card import Card
from tests.plausibility.pilots.pencil import Number, card_of, check, hours, value

pytestmark = [pytest.mark.slow, pytest.mark.case("data/xian/xian_dem.tif"), pytest.mark.case("data/epw")]

PRICE = 1.002**2 * (64.0 * 6.73 + 8.7 * (1.0 - 1.08**-19) / 0.08)
"""Permeable paving: USD 64 a square metre and 8.7 CNY of upkeep over 19 years at 8 %, at prices of 2024 [CNY m-2]."""
TARGETS = {"flooded_share": 5.0, "pervious_share": 45.0}
TOLD_COST, TOLD_MISS, WAY = 6_905.0, 28.0, {"flooded_share": 25.0, "pervious_share": 80.0}
"""Present cost [CNY million], mean miss and how far the units go [%], as page one and the lessons tell."""


class Square(NamedTuple):
    """The pilot's card and the folder of its files."""

    card: Card
    files: Path
    air: np.ndarray

    def gone(self, indicator: str) -> float:
        """Return how far the scheme goes towards a target [%]."""
        before, after = (value(self.card, indicator, name) for name in ("as_is", "sponge"))
        return 100.0 * (after - before) / (TARGETS[indicator] - before)

    def missed(self, indicator: str) -> float:
        """Return by how much the scheme misses a target [%], over the larger of it and the value before."""
        before, after = (value(self.card, indicator, name) for name in ("as_is", "sponge"))
        return 100.0 * abs(after - TARGETS[indicator]) / max(before, TARGETS[indicator])


@pytest.fixture(scope="module")
def square(cases: Path) -> Square:
    data = cases / "data"
    return Square(card_of("xian-units"), data / "xian", hours(data / "epw" / "CHN_Shaanxi.Xian.570360_CSWD.epw", 6))


def common_ground(files: Path) -> float:
    """Return the ground that terrain and green cover both [ha]."""
    boxes = []
    for name in ("xian_dem.tif", "xian_green_binary.tif"):
        with rasterio.open(files / name) as source:
            boxes.append(shapely.box(*source.bounds))
    return float(boxes[0].intersection(boxes[1]).area) / 1e4


def share_of_green(files: Path) -> float:
    with rasterio.open(files / "xian_green_binary.tif") as source:
        return 100.0 * float((source.read(1) > 0.0).mean())


def fall_of_ground(files: Path) -> float:
    """Return the height between the 5th and the 95th centile of the terrain [m]."""
    with rasterio.open(files / "xian_dem.tif") as source:
        ground = source.read(1, masked=True).compressed()
    return float(np.percentile(ground, 95) - np.percentile(ground, 5))


def water(files: Path) -> float:
    return float(gpd.read_file(files / "context" / "xian_water.gpkg").area.sum()) / 1e4


LABELS = [
    "Plan area", "Permeable ground", "Relief", "Mean temperature", "Land that can flood", "Paving laid", "Present cost",
    "Way towards less ponding", "Way towards permeable ground", "Mean miss",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_ten_numbers_of_the_square(square: Square, label: str) -> None:
    card, ground = square.card, common_ground(square.files)
    gain = value(card, "pervious_share", "sponge") - value(card, "pervious_share")
    dry = 100.0 * value(card, "flooded_area") / value(card, "flooded_share")
    found = {
        "Plan area": lambda: Number(float(card.area or 0.0), ground),
        "Permeable ground": lambda: Number(
            value(card, "pervious_share"), share_of_green(square.files), digits=1, within=0.02
        ),
        "Relief": lambda: Number(
            float(card.features["relief"].value or 0.0), fall_of_ground(square.files), digits=1, within=0.01
        ),
        "Mean temperature": lambda: Number(
            float(card.features["mean_temperature"].value or 0.0), float(square.air.mean()), digits=1
        ),
        "Land that can flood": lambda: Number(dry, ground - water(square.files), within=0.002),
        "Paving laid": lambda: Number(1e6 * TOLD_COST / PRICE / 1e4, gain / 100.0 * ground, within=0.002),
        "Present cost": lambda: Number(TOLD_COST, PRICE * gain * ground / 1e4, within=0.002),
        "Way towards less ponding": lambda: Number(WAY["flooded_share"], square.gone("flooded_share"), within=0.025),
        "Way towards permeable ground": lambda: Number(
            WAY["pervious_share"], square.gone("pervious_share"), within=0.025
        ),
        "Mean miss": lambda: Number(
            TOLD_MISS, float(np.mean([square.missed(each) for each in TARGETS])), within=0.02
        ),
    }  # fmt: skip
    check("xian-units", label, found[label]())
