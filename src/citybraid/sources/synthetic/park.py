"""A synthetic industrial park on the Taihu plain: halls, plants with bills and waste heat, canals, as files."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely import unary_union
from shapely.geometry import LineString, Polygon, box

from citybraid.sources.synthetic.cover import GRASS, PAVED, ROAD, ROOF, TREES, WATER
from citybraid.sources.synthetic.english_names import HEADER, SIDES, english_names
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.frame import LABEL, generator, polygons
from citybraid.sources.synthetic.raster import Floats
from citybraid.sources.synthetic.sheet import Sheet, lattice
from citybraid.sources.synthetic.weather_year.weather import weather

SHEET = Sheet((607_600.0, 3_451_600.0), 1200.0, 2.5)
"""A square of 1.44 km2 in Qingpu."""
STREETS_NORTH = (
    (10.0, "虚工路", "支路"),
    (400.0, "虚炉路", "主干路"),
    (790.0, "虚轮路", "支路"),
    (1190.0, "虚齿路", "支路"),
)
STREETS_EAST = (
    (10.0, "幻南街", "支路"),
    (390.0, "幻电街", "次干路"),
    (800.0, "幻汽街", "支路"),
    (1190.0, "幻北街", "支路"),
)
"""Streets by position [m], (fictional) name and class."""
THROUGH, BEYOND = ("主干路", "次干路"), 60.0
"""Classes of streets that lead out of the park, and how far they are drawn beyond its edge [m]."""
WORKS = "100102"
"""Land of plants: class-2 industrial, as glass, dyeing and castings disturb their neighbours."""
WIDTH = {"主干路": 36.0, "次干路": 28.0, "支路": 20.0}
CANALS = (LineString([(0.0, 620.0), (560.0, 600.0), (1200.0, 630.0)]), LineString([(980.0, 0.0), (970.0, 620.0)]))
CANAL_WIDTH = 18.0
GROUND, STREET, CANAL_BED, CANAL_LEVEL, LOW_FILL = 3.3, 3.45, 0.8, 2.3, -0.45
"""Levels [m] of lots, streets and canals, and how much the oldest lots lie below their neighbours."""
CANAL_FLOOD, HOURS, PEAK = 3.0, 8, 3.0
"""Highest level of the canals [m], length of its course and hour of its peak [h]."""
OPEN = {"1401": GRASS, "1701": WATER}
HOMES, OFFICE = ("070102", "住宅"), ("0902", "办公")
LOTS_OF_OTHERS = {12: HOMES, 16: OFFICE, 9: ("1401", "")}
"""Lots that are no industry, by number: use of land and of buildings."""
OLD, NEW = (1996, 2004), (2006, 2019)
OLD_LOTS = 10
"""Number of lots, from the south, that were built first."""
GROVE, DENSE, CROWN = 0.7, 0.85, 3.0
"""Noise above which a bank is wooded, its canopy [-], and radius of a single tree's crown [m]."""
PER_ROOM = 1.9
"""Residents of a dormitory storey, per 25 m2."""


class Plant(NamedTuple):
    """A plant and its year: bills, temperature of its heat, waste heat, shifts; set for this invented park."""

    name: str
    sector: str
    product: str
    output: float | None
    electricity: float
    gas: float | None
    steam: float | None
    warmth: float | None
    waste: float | None
    waste_warmth: float | None
    shift: str


PLANTS = (
    Plant("虚明玻璃", "30", "玻璃", 1.2, 620.0, 260.0, None, 1400.0, 16000.0, 320.0, "连续"),
    Plant("幻彩印染", "17", "印染布", None, 480.0, 110.0, 18000.0, 110.0, 9000.0, 55.0, "三班"),
    Plant("拟鲜食品", "14", "饮料", None, 390.0, None, 12500.0, 140.0, 2500.0, 45.0, "两班"),
    Plant("假康制药", "27", "制剂", None, 720.0, 35.0, 8200.0, 120.0, 3000.0, 40.0, "三班"),
    Plant("虚塑包装", "29", "薄膜", None, 860.0, None, 1500.0, 80.0, 4200.0, 60.0, "三班"),
    Plant("幻铸金属", "33", "铸件", None, 940.0, 150.0, None, 950.0, 11000.0, 260.0, "两班"),
    Plant("拟芯电子", "39", "线路板", None, 1500.0, None, 3600.0, 70.0, 8000.0, 38.0, "连续"),
    Plant("假轴机械", "34", "泵阀", None, 540.0, 22.0, None, 180.0, 900.0, 120.0, "一班"),
)
"""Output in 10 000 t; electricity in 10 000 kWh, gas in 10 000 m3, steam in t, waste heat in GJ, warmth in °C."""


class Park(NamedTuple):
    """The park's shapes, in local metres."""

    lots: list[tuple[str, Polygon]]
    buildings: list[tuple[int, str, Polygon]]
    streets: list[tuple[str, str, LineString]]


def _streets() -> list[tuple[str, str, LineString]]:
    """Return street pieces between junctions, and those by which main streets leave the park."""
    ends_east = [at for at, _, _ in STREETS_NORTH]
    ends_north = [at for at, _, _ in STREETS_EAST]
    north = [
        (name, kind, LineString([(at, low), (at, high)]))
        for at, name, kind in STREETS_NORTH
        for low, high in pairwise(ends_north)
    ]
    east = [
        (name, kind, LineString([(low, at), (high, at)]))
        for at, name, kind in STREETS_EAST
        for low, high in pairwise(ends_east)
    ]
    ends = ((-BEYOND, ends_north[0]), (ends_north[-1], SHEET.side + BEYOND))
    out = [(name, kind, LineString([(at, low), (at, high)]))
           for at, name, kind in STREETS_NORTH if kind in THROUGH for low, high in ends]  # fmt: skip
    out += [(name, kind, LineString([(low, at), (high, at)]))
            for at, name, kind in STREETS_EAST if kind in THROUGH for low, high in ends]  # fmt: skip
    return north + east + out


def _park() -> Park:
    """Lay out streets and canals, cut what is left into lots, and set halls on them."""
    pieces = _streets()
    roads = unary_union([line.buffer(WIDTH[kind] / 2, cap_style="square") for _, kind, line in pieces]) & SHEET.area
    water = unary_union([line.buffer(CANAL_WIDTH / 2) for line in CANALS]) & SHEET.area
    bank = (water.buffer(12.0) - water) & SHEET.area
    blocks = polygons(SHEET.area - roads - water - bank, 3000.0)
    halves: list[Polygon] = []
    for block in blocks:
        west, south, east, north = block.bounds
        middle = (west + east) / 2
        for side in (box(west, south, middle, north), box(middle, south, east, north)):
            halves += polygons(block & side, 2500.0)
    lots: list[tuple[str, Polygon]] = [
        (LOTS_OF_OTHERS[at][0] if at in LOTS_OF_OTHERS else WORKS, lot) for at, lot in enumerate(halves)
    ]
    buildings = [
        (at, LOTS_OF_OTHERS[at][1] if at in LOTS_OF_OTHERS else "厂房", each)
        for at, lot in enumerate(halves)
        if OPEN.get(lots[at][0]) is None
        for each in _halls(lot, homes=at in LOTS_OF_OTHERS)
    ]
    lots += [("1401", part) for part in polygons(bank - roads, 300.0)]
    lots += [("1701", part) for part in polygons(water - roads, 300.0)]
    return Park(lots, buildings, pieces)


def _halls(lot: Polygon, *, homes: bool) -> list[Polygon]:
    if homes:
        return lattice(lot, size=(48.0, 14.0), step=(58.0, 34.0), setback=12.0)
    return lattice(lot, size=(64.0, 42.0), step=(78.0, 58.0), setback=12.0) or lattice(
        lot, size=(40.0, 24.0), step=(52.0, 38.0), setback=8.0
    )


def _ground(seed: int, park: Park) -> Floats:
    """Return the ground without buildings [m]: raised streets, lots of which the oldest are low, canals."""
    level = GROUND + 0.06 * SHEET.waves(generator(seed, 20), 90.0)
    old = unary_union([lot for at, (code, lot) in enumerate(park.lots) if at < OLD_LOTS and code == WORKS])
    away = SHEET.distance(~SHEET.inside(old))
    level = level + LOW_FILL * np.clip(away / 8.0, 0.0, 1.0)
    roads = unary_union([line.buffer(WIDTH[kind] / 2) for _, kind, line in park.streets])
    level = np.where(SHEET.inside(roads), STREET, level)
    water = unary_union([line.buffer(CANAL_WIDTH / 2) for line in CANALS])
    return np.asarray(np.round(np.where(SHEET.inside(water), CANAL_BED, level), 2), np.float64)


def _cover(park: Park) -> NDArray[np.uint8]:
    numbers = SHEET.burnt([(lot, at + 1) for at, (_, lot) in enumerate(park.lots)])
    cover = np.asarray([GRASS, *(OPEN.get(code, PAVED) for code, _ in park.lots)], np.uint8)[numbers]
    edge = SHEET.distance(SHEET.burnt([(lot.buffer(-6.0), 1) for code, lot in park.lots if code not in OPEN]) == 1)
    cover[(edge > 0) & (cover == PAVED)] = GRASS
    cover[SHEET.inside(unary_union([line.buffer(WIDTH[kind] / 2 - 4.0) for _, kind, line in park.streets]))] = ROAD
    cover[SHEET.inside(unary_union([line.buffer(CANAL_WIDTH / 2) for line in CANALS])) & (cover != ROAD)] = WATER
    cover[SHEET.inside(unary_union([shape for _, _, shape in park.buildings]))] = ROOF
    return cover


def _canopy(seed: int, cover: NDArray[np.uint8]) -> Floats:
    """Return tree canopy [-]: groves on the banks and single trees along lots."""
    groves = (SHEET.waves(generator(seed, 41), 14.0) > GROVE) & (cover == GRASS)
    single = generator(seed, 40).random(cover.shape) < np.where(cover == GRASS, 0.012, 0.0)
    share = np.where((SHEET.distance(single) <= CROWN) & (cover == GRASS), 0.7, 0.0)
    return np.where(groves, DENSE, share)


def _write_places(folder: Path, seed: int, park: Park) -> list[Path]:
    """Write lots, buildings with their residents, streets, quarters and the plan area."""
    random = generator(seed, 50)
    storeys = {"厂房": 2, "办公": 5, "住宅": 6}
    uses = [use for _, use, _ in park.buildings]
    years = [int(random.integers(*(OLD if at < OLD_LOTS else NEW))) for at, _, _ in park.buildings]
    people = [
        round(PER_ROOM * storeys[use] * shape.area / 25.0) if use == HOMES[1] else 0.0
        for _, use, shape in park.buildings
    ]
    half = SHEET.side / 2.0
    quarters = [box(x, y, x + half, y + half) for y in (0.0, half) for x in (0.0, half)]
    return [
        SHEET.write_shapes(folder / f"园区用地_{LABEL}.gpkg", [lot for _, lot in park.lots], {
            "地块编号": [f"QP{at:03d}" for at in range(1, len(park.lots) + 1)],
            "用地代码": [code for code, _ in park.lots]}),
        SHEET.write_shapes(folder / f"现状建筑_{LABEL}.gpkg", [shape for _, _, shape in park.buildings], {
            "编号": [f"CF{at:03d}" for at in range(1, len(uses) + 1)], "用途": uses,
            "层数": [storeys[use] for use in uses], "年代": years, "居住人口": people}),
        SHEET.write_shapes(folder / f"道路中心线_{LABEL}.gpkg", [line for _, _, line in park.streets], {
            "编号": [f"DL{at:02d}" for at in range(1, len(park.streets) + 1)],
            "道路名称": [name for name, _, _ in park.streets],
            HEADER: english_names(name for name, _, _ in park.streets),
            "道路等级": [kind for _, kind, _ in park.streets]}),
        SHEET.write_shapes(folder / f"园区片区_{LABEL}.gpkg", quarters, {
            "编号": ["Q1", "Q2", "Q3", "Q4"], "片区": [f"虚构{each}片" for each in SIDES],
            HEADER: english_names(f"虚构{each}片" for each in SIDES)}),
        SHEET.write_shapes(folder / f"规划范围_{LABEL}.gpkg", [SHEET.area], {"名称": [f"规划范围（{LABEL}）"]}),
    ]  # fmt: skip


def _write_plants(folder: Path, park: Park) -> list[Path]:
    """Write the plants with their bills, and the goods that they carry."""
    works = [lot for code, lot in park.lots if code == WORKS]
    sites = [works[(2 * at) % len(works)].representative_point() for at in range(len(PLANTS))]
    table: dict[str, list[object]] = {
        "编号": [plant.name for plant in PLANTS], "行业代码": [plant.sector for plant in PLANTS],
        "主要产品": [plant.product for plant in PLANTS], "产量(万吨)": [plant.output for plant in PLANTS],
        "用电量(万kWh)": [plant.electricity for plant in PLANTS], "天然气用量(万m3)": [plant.gas for plant in PLANTS],
        "外购蒸汽(吨)": [plant.steam for plant in PLANTS], "用热温度(℃)": [plant.warmth for plant in PLANTS],
        "余热资源量(GJ)": [plant.waste for plant in PLANTS], "余热温度(℃)": [plant.waste_warmth for plant in PLANTS],
        "班制": [plant.shift for plant in PLANTS],
    }  # fmt: skip
    goods = [5200.0, 9000.0, 26000.0, 1800.0, 12000.0, 15000.0, 2200.0, 6500.0]
    ways = ["重型货车"] * 6 + ["轻型货车", "重型货车"]
    return [
        SHEET.write_shapes(folder / f"工厂_{LABEL}.gpkg", sites, table),
        SHEET.write_shapes(folder / f"货运_{LABEL}.gpkg", sites, {
            "编号": [f"货运{at}" for at in range(1, len(sites) + 1)], "年货运量(吨)": goods,
            "平均运距(km)": [180.0, 220.0, 90.0, 260.0, 150.0, 200.0, 60.0, 310.0], "车型": ways}),
    ]  # fmt: skip


def _write_level(path: Path) -> Path:
    """Write the level of the canals through a flood of the basin [m], by hour."""
    hours = np.arange(0.0, HOURS + 0.1, 0.5)
    course = CANAL_LEVEL + (CANAL_FLOOD - CANAL_LEVEL) * np.exp(-(((hours - PEAK) / 2.5) ** 2))
    rows = [f"{hour:g},{level:.2f}" for hour, level in zip(hours, course, strict=True)]
    path.write_text("\n".join(["时间(h),水位(m)", *rows, ""]), encoding="utf-8", newline="\n")
    return path


def write_park(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a synthetic industrial park of 1.44 km2 in Qingpu and return the files.

    Lots, halls, plants, bills and levels are set by rules and the seed: no real map, firm or meter is used, and
    every file states so. The same seed writes the same park; an existing file is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    park = _park()
    level, cover = _ground(seed, park), _cover(park)
    canopy = _canopy(seed, cover)
    depth = np.where(level == CANAL_BED, CANAL_LEVEL - CANAL_BED, 0.0)
    planted = np.where((canopy == DENSE) & (cover == GRASS), np.uint8(TREES), cover)
    return (
        *_write_places(folder, seed, park),
        *_write_plants(folder, park),
        _write_level(folder / f"河网水位_{LABEL}.csv"),
        SHEET.write_raster(folder / f"地形高程_{LABEL}.tif", level, "bare ground elevation, m"),
        SHEET.write_raster(folder / f"初始水深_{LABEL}.tif", depth, "water at first, m"),
        SHEET.write_raster(folder / f"地表覆盖_{LABEL}.tif", planted, "land cover codes"),
        SHEET.write_raster(folder / f"树冠覆盖_{LABEL}.tif", canopy, "tree canopy cover, share"),
        write_epw(folder / "weather_synthetic.epw", weather(seed, "qingpu")),
    )
