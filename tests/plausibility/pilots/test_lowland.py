"""Rongdong in Xiong'an: numbers of its page from the files, the mapped roads and printed factors by a pencil."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy import ndimage

from citybraid.commons.form.card import Card
from tests.plausibility.pilots.pencil import Floats, Number, card_of, check, made, raster, sewage, value

pytestmark = [pytest.mark.slow, pytest.mark.case("data/xiongan")]

RIVER, WET, CLOSED = 9.0, 0.15, 0.3
"""Peak of the river, and depths from which land is flooded and streets are closed [m]."""
PEOPLE, GROUND = 34_000.0, 1400.0 * 1700.0
BURIED, BURNT, COMPOSTED = 0.125, 0.799, 0.076
"""Household waste of China, 2022."""


class Lowland(NamedTuple):
    """The pilot's card, the folder of its files, and the mapped roads."""

    card: Card
    files: Path
    roads: gpd.GeoDataFrame


@pytest.fixture(scope="module")
def lowland(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Lowland:
    data = cases / "data"
    roads = gpd.read_file(data / "xiongan" / "rongdong_roads_buildings.gpkg", layer="roads").to_crs(4548)
    return Lowland(card_of("xiongan"), made("xiongan", tmp_path_factory.mktemp("xiongan"), data), roads)


def under(lowland: Lowland, depth: float) -> float:
    """Return the length of roads at least so deep below the river's peak [km], in steps of 5 m."""
    ground, transform = raster(lowland.files / "地形高程_合成.tif")
    steps = 0
    for line in shapely.get_parts(lowland.roads.geometry.to_numpy()):
        at = shapely.line_interpolate_point(line, np.arange(2.5, line.length, 5.0))
        column, row = (np.floor(each).astype(int) for each in ~transform * shapely.get_coordinates(at).T)
        on = (column >= 0) & (row >= 0) & (column < ground.shape[1]) & (row < ground.shape[0])
        steps += int((RIVER - ground[row[on], column[on]] >= depth).sum())
    return 5.0 * steps / 1e3


def waste(kilograms: float) -> float:
    """Return what a resident's waste emits in a year [kg CO2e]: 15 % of carbon where it is buried, and burning."""
    methane = 0.15 * 0.5 * 0.5 * 16 / 12 * 0.9
    burnt = 0.2 * 0.39 * 0.95 * 44 / 12 + 5e-5 * 265
    return 365 * kilograms * (BURIED * methane * 28 + BURNT * burnt + COMPOSTED * (0.004 * 28 + 0.00024 * 265))


def cover_of(lowland: Lowland) -> Floats:
    return raster(lowland.files / "地表覆盖_合成.tif")[0]


LABELS = [
    "Flooded land", "Streets closed", "Streets under water", "Main roads a resident", "Park a resident",
    "Floor area ratio", "Permeable ground", "Uptake of green", "Waste, sewage and other", "Debris of the flood",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_ten_numbers_of_rongdong(lowland: Lowland, label: str) -> None:
    card, roads, cover = lowland.card, lowland.roads, cover_of(lowland)
    houses, plots = (gpd.read_file(lowland.files / f"{name}_合成.gpkg") for name in ("建筑", "用地"))
    ground, _ = raster(lowland.files / "地形高程_合成.tif")
    parts, _ = ndimage.label(ground < RIVER - WET, np.ones((3, 3)))
    reached = np.isin(parts, np.setdiff1d(parts[-1], [0]))
    main = float(roads.length[roads["highway"].isin(["primary", "secondary"])].sum())
    logged = sum(value(card, f"waterlogged_{kind}") for kind in ("arterials", "collectors", "branches"))
    uptake = 0.260333 * (cover == 10).mean() + 0.0077 * (cover == 30).mean()
    found = {
        "Flooded land": Number(
            value(card, "flooded_area"), float(reached.mean()) * GROUND / 1e4, digits=1, within=0.12
        ),
        "Streets closed": Number(value(card, "closed_streets"), under(lowland, CLOSED), digits=2, within=0.02),
        "Streets under water": Number(logged, under(lowland, WET), digits=2, within=0.05),
        "Main roads a resident": Number(value(card, "evacuation_road_per_head"), main / PEOPLE, digits=3),
        "Park a resident": Number(
            value(card, "green_access"), float(plots.area[plots["用地代码"] == "1401"].sum()) / PEOPLE, digits=2
        ),
        "Floor area ratio": Number(
            float(card.features["floor_area_ratio"].value or 0.0), float((houses.area * houses["层数"]).sum()) / GROUND,
            digits=3,
        ),
        "Permeable ground": Number(
            value(card, "pervious_share"), 100.0 * float(np.isin(cover, (10, 30)).mean()), digits=1, within=0.005
        ),
        "Uptake of green": Number(value(card, "green_sink"), uptake * GROUND / 1e3, digits=1, within=0.01),
        "Waste, sewage and other": Number(
            value(card, "other_indirect_emissions"), PEOPLE * (waste(0.98) + sewage()) / 1e3
        ),
        "Debris of the flood": Number(
            value(card, "debris_carbon"), (0.135 * 0.497 + 0.865 * 0.27) * value(card, "flood_debris")
        ),
    }  # fmt: skip
    check("xiongan", label, found[label])
