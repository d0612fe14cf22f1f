"""A synthetic polder village: fields, ditches, hamlets, a pig farm, ponds, levees, a gate and a pump, as files."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely import unary_union
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.cover import CROPLAND, GRASS, PAVED, ROAD, ROOF, SHRUBS, TREES, WATER, WETLAND
from citybraid.sources.synthetic.english_names import HEADER, SIDES, english_names
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.frame import LABEL, generator, polygons
from citybraid.sources.synthetic.population import HOUSEHOLD_SIZE
from citybraid.sources.synthetic.raster import Floats
from citybraid.sources.synthetic.sheet import Sheet, fields, lattice
from citybraid.sources.synthetic.weather_year.weather import weather

SHEET = Sheet((588_400.0, 3_425_600.0), 1000.0, 2.5)
"""One square kilometre near Xiangfudang, Jiashan."""
RIVER, LEVEE = 40.0, 52.0
"""Width of the outer river in the west and north, and distance of the levee's crest from the edge [m]."""
CREST, BANK, FIELD, HOMESTEAD, LANE, CANAL_BED, RIVER_BED = 3.6, 2.8, 1.9, 2.7, 2.6, 0.3, -0.6
"""Levels of the ground and of the wall along the bank's crest [m]."""
INSIDE_LEVEL, RIVER_LEVEL, RIVER_FLOOD = 1.2, 1.4, 3.0
"""Water levels in the polder's ditches, and outside at first and in flood [m]: of the plain's order, chosen."""
PUMP, START, STOP = 1.2, 1.3, 1.1
"""Discharge of the pump [m3 s-1] and levels at which it starts and stops [m]."""
HOURS, PEAK = 12, 5.0
"""Length of the river's course and hour of its peak [h]."""
COVER = {"0101": CROPLAND, "0301": TREES, "060202": PAVED, "060201": PAVED, "070301": GRASS, "0704": PAVED,
         "1401": GRASS, "1701": WATER, "1704": WATER, "0506": WETLAND}  # fmt: skip
"""Cover of a land use's open ground."""
PIG_FARM = "060202"
NITROGEN, RICE, PIGS, POULTRY, STRAW = 0.27, 8.0, 900.0, 4000.0, 0.12
"""Nitrogen on fields and rice [t ha-1 year-1], heads of pigs and of poultry, straw and wood burnt by a household [t]:
of the plain's order, chosen for this village."""
LANES = (
    ("虚村路", ((452.0, 0.0), (452.0, 480.0))), ("虚村路", ((452.0, 480.0), (452.0, 660.0))),
    ("虚村路", ((452.0, 660.0), (452.0, 930.0))), ("幻圩路", ((452.0, 660.0), (980.0, 660.0))),
    ("幻圩路", ((80.0, 660.0), (452.0, 660.0))), ("拟桑路", ((452.0, 480.0), (980.0, 480.0))),
)  # fmt: skip
"""Lanes between junctions, with (fictional) names [m]."""
NORTH_BANK = SHEET.side - LEVEE
"""Position of the northern levee [m]."""
OCCUPIED, THREE_STOREYS, HOUSE = 0.95, 0.15, (9.0, 7.5)
"""Share of houses that are lived in, of those with three storeys instead of two, and sides of a house [m]: about 60 m2
of floor a person, as in rural Zhejiang in 2008 (60.48; China Statistical Yearbook 2009, table 9-37)."""
YARD, CROWN = 4.0, 3.0
"""Width of paved yard around houses, and radius of a single tree's crown [m]."""
MU = 10_000.0 / 15.0
"""Square metres in a mu."""


class Village(NamedTuple):
    """The village's shapes, in local metres."""

    plots: list[tuple[str, Polygon]]
    homes: list[Polygon]
    others: list[tuple[str, Polygon]]
    lanes: list[tuple[str, LineString]]
    canals: list[LineString]


def _village() -> Village:
    """Lay out the polder: ditches and lanes first, then hamlets and public plots, fields on what is left."""
    inner = box(LEVEE + 8.0, 0.0, SHEET.side, NORTH_BANK - 8.0)
    canals = [LineString(((LEVEE, 520.0), (SHEET.side, 505.0))), LineString(((430.0, 0.0), (430.0, NORTH_BANK)))]
    lanes = [(name, LineString(ends)) for name, ends in LANES]
    water = unary_union([canals[0].buffer(9.0), canals[1].buffer(7.0)]) & SHEET.area
    river = box(0.0, 0.0, RIVER, SHEET.side) | box(0.0, SHEET.side - RIVER, SHEET.side, SHEET.side)
    roads = unary_union([line.buffer(4.0, cap_style="flat") for _, line in lanes])
    taken = water | roads
    named: list[tuple[str, BaseGeometry]] = [
        ("070301", box(130.0, 545.0, 415.0, 650.0)), ("070301", box(470.0, 372.0, 900.0, 470.0)),
        ("070301", box(470.0, 672.0, 640.0, 740.0)), ("0704", box(470.0, 535.0, 540.0, 590.0)),
        (PIG_FARM, box(820.0, 200.0, 920.0, 280.0)), ("060201", box(470.0, 600.0, 540.0, 648.0)),
        ("1704", box(560.0, 540.0, 760.0, 640.0)), ("0506", box(330.0, 820.0, 415.0, 930.0)),
        ("0301", box(60.0, 690.0, 100.0, 930.0)), ("1401", box(770.0, 540.0, 860.0, 640.0)),
    ]  # fmt: skip
    cut = [(code, (shape & inner) - taken) for code, shape in named]
    plots = [(code, part) for code, shape in cut for part in polygons(shape, 300.0)]
    free = inner - taken - unary_union([shape for _, shape in plots])
    plots += [("0101", part) for part in fields(free, size=(110.0, 80.0), gap=4.0, least=900.0)]
    plots += [("1701", part) for part in [*polygons(water - roads, 300.0), *polygons(river, 300.0)]]
    homes = [
        each for code, plot in plots if code == "070301"
        for each in lattice(plot, size=HOUSE, step=(16.0, 19.0), setback=5.0)
    ]  # fmt: skip
    use = {PIG_FARM: "畜禽养殖", "060201": "仓库", "0704": "公共服务"}
    others = [
        (use[code], each) for code, plot in plots if code in use
        for each in lattice(plot, size=(30.0, 12.0), step=(38.0, 20.0), setback=6.0)[:6]
    ]  # fmt: skip
    return Village(plots, homes, others, lanes, canals)


def _ground(seed: int, place: Village) -> Floats:
    """Return the ground without buildings [m]: fields, raised homesteads and lanes, beds, and the levee."""
    level = FIELD + 0.05 * SHEET.waves(generator(seed, 20), 60.0)
    raised = unary_union([plot for code, plot in place.plots if code in ("070301", "0704", "060201", PIG_FARM)])
    away = SHEET.distance(SHEET.inside(raised))
    level = np.maximum(level, HOMESTEAD - away / 12.0)
    level = np.where(SHEET.inside(unary_union([line.buffer(4.0) for _, line in place.lanes])), LANE, level)
    for code, bed in (("1704", CANAL_BED), ("0506", INSIDE_LEVEL - 0.1)):
        level[SHEET.inside(unary_union([plot for use, plot in place.plots if use == code]))] = bed
    canals = [place.canals[0].buffer(9.0), place.canals[1].buffer(7.0)]
    level[SHEET.inside(unary_union(canals))] = CANAL_BED
    # The bank under the wall: 4 m wide at the top, with slopes of one in three.
    crest = _levee_line().buffer(2.0)
    level = np.maximum(level, BANK - SHEET.distance(SHEET.inside(crest)) / 3.0)
    river = box(0.0, 0.0, RIVER, SHEET.side) | box(0.0, SHEET.side - RIVER, SHEET.side, SHEET.side)
    level[SHEET.inside(river)] = RIVER_BED
    return np.round(level, 2)


def _levee_line() -> LineString:
    return LineString([(LEVEE, 0.0), (LEVEE, NORTH_BANK), (SHEET.side, NORTH_BANK)])


def _depth(level: Floats) -> Floats:
    """Return the water that stands at first [m]: river and ditches at their levels."""
    outside = SHEET.inside(box(0.0, 0.0, LEVEE, SHEET.side) | box(0.0, NORTH_BANK, SHEET.side, SHEET.side))
    return np.asarray(np.round(np.maximum(np.where(outside, RIVER_LEVEL, INSIDE_LEVEL) - level, 0.0), 2), np.float64)


def _cover(place: Village) -> NDArray[np.uint8]:
    numbers = SHEET.burnt([(plot, at + 1) for at, (_, plot) in enumerate(place.plots)])
    cover = np.asarray([GRASS, *(COVER[code] for code, _ in place.plots)], np.uint8)[numbers]
    cover[SHEET.inside(unary_union([line.buffer(3.0) for _, line in place.lanes]))] = ROAD
    near = SHEET.distance(SHEET.inside(unary_union(place.homes))) < YARD
    cover[near & (cover == GRASS)] = PAVED
    cover[SHEET.inside(unary_union([*place.homes, *(shape for _, shape in place.others)]))] = ROOF
    return cover


def _canopy(seed: int, cover: NDArray[np.uint8]) -> Floats:
    """Return tree canopy [-]: woods, single trees in yards and on banks."""
    single = generator(seed, 40).random(cover.shape) < np.where(cover == GRASS, 0.01, 0.0)
    share = np.where(cover == TREES, 0.85, 0.0)
    share[np.isin(cover, (GRASS, SHRUBS)) & (SHEET.distance(single) <= CROWN)] = 0.7
    return share


def _write_places(folder: Path, seed: int, place: Village) -> list[Path]:
    """Write plots, buildings with their residents, lanes, hamlets and the plan area."""
    random = generator(seed, 50)
    codes = [code for code, _ in place.plots]
    floors = [2 + int(each) for each in random.random(len(place.homes)) < THREE_STOREYS]
    years = [int(each) for each in random.integers(1984, 2018, len(place.homes))]
    lived = random.random(len(place.homes)) < OCCUPIED
    people = [float(each) for each in np.where(lived, np.maximum(1, random.poisson(HOUSEHOLD_SIZE, lived.size)), 0)]
    count = len(place.homes) + len(place.others)
    half = SHEET.side / 2.0
    groups = [box(x, y, x + half, y + half) for y in (0.0, half) for x in (0.0, half)]
    return [
        SHEET.write_shapes(folder / f"村庄用地_{LABEL}.gpkg", [plot for _, plot in place.plots], {
            "地块编号": [f"ZX{at:03d}" for at in range(1, len(codes) + 1)], "用地代码": codes}),
        SHEET.write_shapes(folder / f"现状建筑_{LABEL}.gpkg", [*place.homes, *(shape for _, shape in place.others)], {
            "编号": [f"FW{at:03d}" for at in range(1, count + 1)],
            "用途": ["民居"] * len(place.homes) + [use for use, _ in place.others],
            "层数": floors + [1] * len(place.others), "年代": years + [2008] * len(place.others),
            "居住人口": people + [0.0] * len(place.others)}),
        SHEET.write_shapes(folder / f"道路中心线_{LABEL}.gpkg", [line for _, line in place.lanes], {
            "编号": [f"DL{at:02d}" for at in range(1, len(place.lanes) + 1)],
            "道路名称": [name for name, _ in place.lanes],
            HEADER: english_names(name for name, _ in place.lanes), "道路等级": ["支路"] * len(place.lanes)}),
        SHEET.write_shapes(folder / f"村民小组_{LABEL}.gpkg", groups, {
            "编号": ["G1", "G2", "G3", "G4"], "村名": [f"虚构{each}组" for each in SIDES],
            HEADER: english_names(f"虚构{each}组" for each in SIDES)}),
        SHEET.write_shapes(folder / f"规划范围_{LABEL}.gpkg", [SHEET.area], {"名称": [f"规划范围（{LABEL}）"]}),
    ]  # fmt: skip


def _write_works(folder: Path, place: Village) -> list[Path]:
    """Write the levee, the gate and the pump at the end of the ditch, and the river's course."""
    end = NORTH_BANK
    hours = np.arange(0.0, HOURS + 0.1, 0.5)
    course = RIVER_LEVEL + (RIVER_FLOOD - RIVER_LEVEL) * np.exp(-(((hours - PEAK) / 3.0) ** 2))
    rows = [f"{hour:g},{level:.2f}" for hour, level in zip(hours, course, strict=True)]
    path = folder / f"外河水位_{LABEL}.csv"
    path.write_text("\n".join(["时间(h),水位(m)", *rows, ""]), encoding="utf-8", newline="\n")
    at = place.canals[1].coords[-1][0]
    pipe = LineString(((at - 4.0, end - 24.0), (at - 4.0, end + 24.0)))
    return [
        SHEET.write_shapes(folder / f"堤防_{LABEL}.gpkg", [_levee_line()], {"编号": ["圩堤"], "堤顶高程": [CREST]}),
        SHEET.write_shapes(folder / f"水闸_{LABEL}.gpkg", [LineString([(at, end - 12.0), (at, end + 14.0)])], {
            "编号": ["北闸"], "闸孔净宽": [4.0], "闸底高程": [0.4], "拍门闸": [1]}),
        SHEET.write_shapes(folder / f"泵站_{LABEL}.gpkg", [pipe], {
            "编号": ["北排涝站"], "排涝流量": [PUMP], "起泵水位": [START], "停泵水位": [STOP]}),
        path,
    ]  # fmt: skip


def _write_farming(folder: Path, place: Village) -> Path:
    """Write the year's farming at two points: fields and stoves of the village, and the pig farm."""
    paddy = sum(plot.area for code, plot in place.plots if code == "0101")
    farm = next(plot for code, plot in place.plots if code == PIG_FARM)
    return SHEET.write_shapes(folder / f"农业与养殖_{LABEL}.gpkg", [Point(452.0, 500.0), farm.centroid], {
        "编号": ["农田与农户", "养殖场"],
        "单季稻面积(亩)": [round(paddy / MU, 1), None], "氮肥折纯量(吨)": [round(NITROGEN * paddy / 1e4, 1), None],
        "家禽存栏(羽)": [POULTRY, None], "生猪存栏(头)": [None, PIGS],
        "薪柴秸秆用量(吨)": [round(STRAW * OCCUPIED * len(place.homes), 1), None], "粪污入沼比例(%)": [0.0, 0.0],
    })  # fmt: skip


def _write_freight(folder: Path, place: Village) -> Path:
    """Write goods of a year: rice that leaves by barge, feed and goods of daily use that come by road."""
    paddy = sum(plot.area for code, plot in place.plots if code == "0101") / 1e4
    landing, farm = Point(446.0, 530.0), next(plot for code, plot in place.plots if code == PIG_FARM).centroid
    return SHEET.write_shapes(folder / f"货运_{LABEL}.gpkg", [landing, farm, landing], {
        "编号": ["稻谷外运", "饲料运入", "日用品运入"], "年货运量(吨)": [round(RICE * paddy), 650.0, 220.0],
        "平均运距(km)": [45.0, 30.0, 20.0], "车型": ["货船", "重型货车", "轻型货车"],
    })  # fmt: skip


def write_village(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a square kilometre of a synthetic polder village near Xiangfudang and return the files.

    Levels, fields, hamlets, animals and works are set by rules and the seed: no real map, survey or plan is used,
    and every file states so. The same seed writes the same village; an existing file is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = _village()
    level, cover = _ground(seed, place), _cover(place)
    return (
        *_write_places(folder, seed, place),
        *_write_works(folder, place),
        _write_farming(folder, place),
        _write_freight(folder, place),
        SHEET.write_raster(folder / f"地形高程_{LABEL}.tif", level, "bare ground elevation, m"),
        SHEET.write_raster(folder / f"初始水深_{LABEL}.tif", _depth(level), "water at first, m"),
        SHEET.write_raster(folder / f"地表覆盖_{LABEL}.tif", cover, "land cover codes"),
        SHEET.write_raster(folder / f"树冠覆盖_{LABEL}.tif", _canopy(seed, cover), "tree canopy cover, share"),
        write_epw(folder / "weather_synthetic.epw", weather(seed)),
    )
