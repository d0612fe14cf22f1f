"""Built land that a wind corridor serves, from footprints of a file to the indicator, by sides and ways on paper.

The same arithmetic on the demo's own 5 m finds 77.4 % of built land served; the program tells 77.6 %.
"""

import heapq
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin

from citybraid.core.catalogue import known
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
Block = tuple[int, int]
SIDE, BLOCKS, CELL = 100.0, 20, 10.0
WIND = 157.5
"""Where the wind comes from, south-south-east [degree]."""
GROUND, MOST, SERVED = 0.05, 0.35, 500.0
"""Resistance of open ground, most walls of a corridor (Ng et al. 2011), and how far it serves [m] (assumed)."""
USED = ("ventilation", "building", "terrain", "latitude", "summer", "residents")
STUDY = f"""
[study]
name = "wind"
title = {{ zh = "风道", en = "Wind" }}
crs = "{CRS}"
region = "CN"
year = 2025
resolution = {CELL:g}
[files.units]
path = "units.gpkg"
[files.buildings]
path = "buildings.gpkg"
[files.terrain]
path = "terrain.tif"
[files.weather]
path = "year.epw"
[parameters."resilience.ventilation"]
wind_from = {WIND}
[models]
skip = {[name for name in known() if not any(each in name for each in USED)]}
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
"""


def houses() -> gpd.GeoDataFrame:
    """Slabs of 60 m by 20 m: towers in the west, low ones in the east."""
    chance = np.random.default_rng(5)
    rows, columns = np.divmod(np.arange(BLOCKS * BLOCKS), BLOCKS)
    tall = np.where(columns < 11, chance.uniform(45.0, 90.0, rows.size), chance.uniform(3.0, 9.0, rows.size))
    tall = np.where((columns >= 11) & (columns < 14), 0.0, np.round(tall))
    shapes = [
        shapely.box(WEST + SIDE * x + 20, SOUTH + SIDE * y + 40, WEST + SIDE * x + 80, SOUTH + SIDE * y + 60)
        for x, y in zip(columns, rows, strict=True)
    ]
    table = {"id": [f"B{at}" for at in range(rows.size)], "use": "residential", "height": tall}
    houses = gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)
    return houses[houses["height"] > 0.0]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder, size = tmp_path_factory.mktemp("风"), SIDE * BLOCKS
    houses().to_file(folder / "buildings.gpkg")
    area = shapely.box(WEST, SOUTH, WEST + size, SOUTH + size)
    gpd.GeoDataFrame({"id": ["U1"], "unit_name": ["甲"]}, geometry=[area], crs=CRS).to_file(folder / "units.gpkg")
    cells = round(size / CELL)
    profile = {"driver": "GTiff", "height": cells, "width": cells, "count": 1, "dtype": "float32", "crs": CRS,
               "transform": from_origin(WEST, SOUTH + size, CELL, CELL)}  # fmt: skip
    with rasterio.open(folder / "terrain.tif", "w", **profile) as target:
        target.write(np.full((cells, cells), 4.0, np.float32), 1)
    write_epw(folder / "year.epw", weather(1))
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    answer = citybraid("run", str(folder / "study.toml"), "--no-report")
    assert answer.returncode == 0, answer.stderr
    return Run.open(next((folder / "runs").iterdir()))


def walls(table: gpd.GeoDataFrame) -> Floats:
    """Walls that face the wind, projected across it, over the area of each block; row 0 is the southern one."""
    comes = np.radians(WIND)
    across = np.zeros((BLOCKS, BLOCKS))
    for house in table.itertuples():
        ring = shapely.get_coordinates(shapely.geometry.polygon.orient(house.geometry).exterior)
        for (x, y), (to_x, to_y) in pairwise(ring):
            facing = (to_y - y) * np.sin(comes) - (to_x - x) * np.cos(comes)
            block = int(((y + to_y) / 2 - SOUTH) // SIDE), int(((x + to_x) / 2 - WEST) // SIDE)
            across[block] += max(facing, 0.0) * house.height
    return across / SIDE**2


def inside(block: Block) -> bool:
    return 0 <= block[0] < BLOCKS and 0 <= block[1] < BLOCKS


def corridors(frontal: Floats) -> NDArray[np.bool_]:
    """Blocks of the cheapest ways from the southern edge to the northern one whose mean of walls is small enough."""
    north, east = -np.cos(np.radians(WIND)), -np.sin(np.radians(WIND))
    moves = [(up, right) for up in (-1, 0, 1) for right in (-1, 0, 1) if (up, right) != (0, 0)]
    moves = [(up, right) for up, right in moves if up * north + right * east >= 0.0]
    cost = np.full(frontal.shape, np.inf)
    after: dict[Block, Block] = {}
    queue: list[tuple[float, Block]] = []
    for column in range(BLOCKS):
        cost[BLOCKS - 1, column] = 0.0
        heapq.heappush(queue, (0.0, (BLOCKS - 1, column)))
    while queue:
        spent, block = heapq.heappop(queue)
        for up, right in moves if spent <= cost[block] else []:
            source = block[0] - up, block[1] - right
            if not inside(source):
                continue
            more = spent + (0.5 * (frontal[block] + frontal[source]) + GROUND) * SIDE * float(np.hypot(up, right))
            if more < cost[source] - 1e-9:
                cost[source], after[source] = more, block
                heapq.heappush(queue, (more, source))
    found = np.zeros(frontal.shape, bool)
    for column in range(BLOCKS):
        way = [(0, column)]
        while way[-1] in after:
            way.append(after[way[-1]])
        length = sum(SIDE * float(np.hypot(a[0] - b[0], a[1] - b[1])) for a, b in pairwise(way))
        if cost[way[0]] / length <= MOST + GROUND:
            found[tuple(np.array(way).T)] = True
    return found


def test_built_land_near_a_wind_corridor(town: Run) -> None:
    table = houses()
    frontal = walls(table)
    ways = corridors(frontal)
    blocks = [
        shapely.box(WEST + SIDE * x, SOUTH + SIDE * y, WEST + SIDE * (x + 1), SOUTH + SIDE * (y + 1))
        for y, x in np.argwhere(ways)
    ]
    near = table.geometry.centroid.within(shapely.union_all(blocks).buffer(SERVED))
    share = 100.0 * float(table.area[near].sum() / table.area.sum())
    found = town.table("units/as_is")
    assert found is not None
    assert float(found["frontal_area_index"][WHOLE_AREA]) < float(frontal.max())
    assert 50.0 < share < 90.0
    assert float(found["corridor_served"][WHOLE_AREA]) == pytest.approx(share, abs=3.0)
