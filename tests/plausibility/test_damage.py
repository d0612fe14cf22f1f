"""Damage below the floor: expected annual damage from rasters and footprints, with the printed curves.

On the demo's own grid (5 m) the buildings as they are lose, in 10⁴ CNY a year: 4 697 with every ground floor level with
the street; 1 527 if water up to 0.15 m at the wall does nothing and deeper water counts in full; 714 if 0.15 m of it
stay below the floor, which is what the curves ask for (depth above the ground floor) and what the program does.
74.5 % of the 5-year damage of the first lies where the water at the wall is below 0.15 m.
"""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from rasterio.features import rasterize

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.vocabulary.surface import COVER
from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.remarks.onset import assumed_onset
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
KNOTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)
CURVES = {
    "residential": (
        0.0,
        0.326556502,
        0.494050324,
        0.616572124,
        0.720711764,
        0.869528213,
        0.931487084,
        0.983604148,
        1.0,
    ),
    "commercial": (0.0, 0.376789623, 0.537681619, 0.659336684, 0.762845232, 0.883348656, 0.941854895, 0.98075938, 1.0),
    "industrial": (0.0, 0.283181524, 0.481615653, 0.629218894, 0.717240588, 0.85667503, 0.908577004, 0.955327463, 1.0),
}
"""Damage functions of Asia (Huizinga et al. 2017, EUR 28552 EN)."""
EUR = {"residential": 330.17, "commercial": 487.03, "industrial": 424.6}
"""Value per m² of floor in China, EUR of 2010; the last by the report's own steps."""
CNY, PRICES = 8.975, 1.325
FLOOR, STOREY = 0.15, 3.0
PERIODS = {"p5": 5.0, "p20": 20.0, "p50": 50.0}
REACH = 4


class Town(NamedTuple):
    """Footprints [m²], storeys and sectors of the buildings as they are, and their depth at the wall by event [m]."""

    area: Floats
    storeys: Floats
    sector: NDArray[np.object_]
    wall: dict[str, Floats]


@pytest.fixture(scope="module")
def buildings(ran: Run) -> Town:
    layers = ran.layers("as_is")
    shapes: gpd.GeoSeries = ran.value(layers["buildings"][""])
    use: pd.Series = ran.value(layers["building_use"][""])
    sector = use.map(lambda name: name if name in ("residential", "industrial") else "commercial")
    floors = np.ceil(ran.value(layers["floors"][""]).to_numpy(np.float64))
    wall = {event: depth_at_the_wall(ran, shapes, event) for event in PERIODS}
    return Town(shapes.area.to_numpy(), np.maximum(np.nan_to_num(floors, nan=1.0), 1.0), sector.to_numpy(), wall)


def depth_at_the_wall(ran: Run, shapes: gpd.GeoSeries, event: str) -> Floats:
    """Mean depth of the open cells that touch each footprint, else of the nearest: outside buildings and water."""
    layers = ran.layers("as_is")
    depth = np.asarray(ran.value(layers["max_depth"][event]), np.float64)
    cover = np.asarray(ran.value(layers["land_cover"][""]))
    blue = [code for code, name in COVER if name in ("water", "wetland")]
    grid = ran.grid
    covered = rasterize(shapes, out_shape=depth.shape, transform=grid.affine, fill=0) > 0
    open_cell = (
        ~covered
        & np.isfinite(depth)
        & (np.asarray(ran.value(layers["building_fraction"][""])) < 0.5)
        & ~np.isin(cover, blue)
    )
    number = [(shape, at + 1) for at, shape in enumerate(shapes)]
    touched = rasterize(number, out_shape=depth.shape, transform=grid.affine, fill=0, all_touched=True)
    points = shapes.representative_point()
    found = np.zeros(len(shapes))
    for at in range(len(shapes)):
        own = touched == at + 1
        column, row = (int(each) for each in ~grid.affine * (points.iloc[at].x, points.iloc[at].y))
        own[row, column] = True
        rows, columns = np.nonzero(own)
        for ring in range(REACH + 1):
            window = np.zeros_like(own)
            for y, x in zip(rows, columns, strict=True):
                window[max(y - ring, 0) : y + ring + 1, max(x - ring, 0) : x + ring + 1] = True
            near = window & open_cell
            if near.any():
                found[at] = depth[near].mean()
                break
    return found


def loss(town: Town, wall: Floats, *, floor: float) -> Floats:
    """Damage of each building [CNY]: every storey by the water above its own floor."""
    total = np.zeros(len(wall))
    for sector, curve in CURVES.items():
        for storey in range(8):
            above = wall - floor - storey * STOREY
            wet = (town.sector == sector) & (above > 0.0) & (town.storeys > storey)
            total += np.where(wet, np.interp(above, KNOTS, curve) * EUR[sector], 0.0)
    return total * town.area * CNY * PRICES


def annual(damage: dict[str, float]) -> float:
    """Area under damage over annual probability: none at once a year, rarer events as the rarest."""
    probability = np.array([0.0, *(1.0 / PERIODS[event] for event in ("p50", "p20", "p5")), 1.0])
    amount = np.array([damage["p50"], damage["p50"], damage["p20"], damage["p5"], 0.0])
    return float(np.sum(np.diff(probability) * (amount[1:] + amount[:-1]) / 2.0))


def test_depth_at_the_wall_is_that_of_the_raster(ran: Run, buildings: Town) -> None:
    for event, layer in ran.layers("as_is")["building_depth"].items():
        if event in PERIODS:
            np.testing.assert_allclose(buildings.wall[event], np.nan_to_num(ran.value(layer).to_numpy()), atol=1e-6)


def test_expected_annual_damage_by_pencil(ran: Run, buildings: Town) -> None:
    mine = annual({event: loss(buildings, wall, floor=FLOOR).sum() for event, wall in buildings.wall.items()})
    table = ran.table("units/as_is")
    assert table is not None
    assert table["expected_annual_damage"][WHOLE_AREA] == pytest.approx(mine / 1e4, rel=1e-6)


def test_floors_at_street_level_would_cost_several_times_as_much(buildings: Town) -> None:
    level, raised = (
        annual({event: loss(buildings, wall, floor=floor).sum() for event, wall in buildings.wall.items()})
        for floor in (0.0, FLOOR)
    )
    assert level > 3.0 * raised > 0.0


def test_water_below_the_floor_costs_nothing(ran: Run, buildings: Town) -> None:
    for event in PERIODS:
        damage = np.nan_to_num(ran.value(ran.layers("as_is")["building_damage"][event]).to_numpy())
        assert (damage[buildings.wall[event] <= FLOOR] == 0.0).all()
        assert (damage[buildings.wall[event] > FLOOR + 1e-6] > 0.0).all()


def test_page_one_says_how_much_rests_on_the_assumed_onset(ran: Run, buildings: Town) -> None:
    """From none at once a year to the 5-year damage: half of it times 1 - 1/5. On the demo's own grid it is 44 %."""
    damage = {event: loss(buildings, wall, floor=FLOOR).sum() for event, wall in buildings.wall.items()}
    part, total = 0.5 * damage["p5"] * (1.0 - 1.0 / PERIODS["p5"]), annual(damage)
    found = assumed_onset(View(ran), "as_is")
    assert found is not None
    assert found.part == pytest.approx(part, rel=1e-6)
    assert found.total - found.part == pytest.approx(total - part, rel=1e-6)
    warnings = [
        block for block in chapter(View(ran)).blocks if isinstance(block, Paragraph) and block.kind == "warning"
    ]
    said = [in_words(each.text, "en") for each in warnings]
    (sentence,) = [each for each in said if "rests on an assumption" in each]
    assert f"{100.0 * part / total:.0f}%" in sentence
    assert f"Without it: {total - part:,.0f} CNY/a" in sentence
