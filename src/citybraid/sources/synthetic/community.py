"""A synthetic workers' housing estate beside an old factory: slabs, lanes, halls, courts that pond, as files."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely import unary_union
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.cover import GRASS, PAVED, ROAD, ROOF, TREES
from citybraid.sources.synthetic.english_names import HEADER, english_names
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.frame import LABEL, generator
from citybraid.sources.synthetic.raster import Floats
from citybraid.sources.synthetic.sheet import Sheet, lattice
from citybraid.sources.synthetic.weather_year.weather import weather

SHEET = Sheet((571_600.0, 3_404_400.0), 320.0, 1.25)
"""A block of 10 ha in the old town of Jiaxing."""
STREETS = (
    ("幻厂路", "次干路", 16.0, ((0.0, 8.0), (320.0, 8.0))), ("虚匠街", "支路", 12.0, ((6.0, 0.0), (6.0, 320.0))),
    ("拟工街", "支路", 12.0, ((314.0, 0.0), (314.0, 320.0))), ("假园路", "支路", 12.0, ((0.0, 314.0), (320.0, 314.0))),
    ("虚里弄", "支路", 6.0, ((160.0, 8.0), (160.0, 314.0))), ("幻里弄", "支路", 6.0, ((6.0, 168.0), (314.0, 168.0))),
)  # fmt: skip
"""Streets and lanes: (fictional) name, class, width and line [m]."""
GROUPS = (
    ("070102", "虚南里", box(14.0, 20.0, 155.0, 163.0), (1978, 1984), 5),
    ("070102", "幻南里", box(165.0, 20.0, 306.0, 163.0), (1983, 1989), 6),
    ("070102", "拟北里", box(14.0, 173.0, 155.0, 306.0), (1988, 1996), 6),
    ("100101", "假电控厂", box(165.0, 173.0, 306.0, 306.0), (1958, 1974), 1),
)
"""Parts of the estate: land use, (fictional) name, ground, first and last year, storeys."""
HERITAGE_YEAR = 1965
"""Halls up to this year are listed."""
GROUND, LANE, COURT_LOW, LOW_COURTS = 2.6, 2.75, -0.4, ((60.0, 118.0), (232.0, 70.0), (84.0, 224.0))
"""Levels of the ground [m], and courts that lie below their lanes: how much, and where."""
COURT_REACH = 34.0
FLAT_AREA, HOUSEHOLD, LIVED_IN, AGED, YOUNG = 46.0, 2.2, 0.9, 0.31, 0.09
"""Floor area of a flat [m2], its people, share lived in, and shares of 65 and over and of children: of old workers'
housing, chosen for this estate."""
CANOPY_TREES, CROWN, GARDEN = 0.006, 2.5, 5.0
"""Chance of a tree on a pixel of garden, radius of its crown and width of gardens along slabs [m]."""


class Estate(NamedTuple):
    """Buildings of the estate with the part that they stand in, in local metres."""

    homes: list[tuple[int, Polygon]]
    halls: list[Polygon]
    services: list[tuple[str, Polygon]]


def _estate() -> Estate:
    """Set slabs in rows, halls of the factory, and a kindergarten, a clinic and a canteen."""
    homes = [
        (at, each)
        for at, (use, _, ground, _, _) in enumerate(GROUPS)
        if use == "070102"
        for each in lattice(ground, size=(38.0, 10.5), step=(46.0, 24.0), setback=3.0)
    ]
    south = GROUPS[3][2]
    halls = lattice(south, size=(56.0, 22.0), step=(66.0, 32.0), setback=8.0)
    services = [("幼儿园", homes.pop(2)[1]), ("卫生站", homes.pop(9)[1]), ("食堂", homes.pop(-1)[1])]
    return Estate(homes, halls, services)


def _roads() -> list[LineString]:
    return [LineString(ends) for _, _, _, ends in STREETS]


def _surface() -> BaseGeometry:
    return unary_union([line.buffer(width / 2) for line, (_, _, width, _) in zip(_roads(), STREETS, strict=True)])


def _ground(seed: int) -> Floats:
    """Return the ground without buildings [m]: lanes raised by layers of paving, courts left low between them."""
    level = GROUND + 0.04 * SHEET.waves(generator(seed, 20), 25.0)
    for x, y in LOW_COURTS:
        away = SHEET.distance(SHEET.inside(Point(x, y).buffer(1.5)))
        level = level + COURT_LOW * np.clip(1.0 - away / COURT_REACH, 0.0, 1.0)
    level = np.where(SHEET.inside(_surface()), LANE, level)
    return np.round(SHEET.smooth(level, 1.5), 2)


def _cover(estate: Estate) -> NDArray[np.uint8]:
    """Return land cover: paved courts, narrow gardens south of slabs, streets, roofs."""
    cover = np.full((SHEET.pixels, SHEET.pixels), PAVED, np.uint8)
    gardens = [box(*_south_of(shape)) for _, shape in estate.homes]
    cover[SHEET.inside(unary_union(gardens))] = GRASS
    cover[SHEET.inside(_surface())] = ROAD
    cover[SHEET.inside(unary_union(_buildings(estate)))] = ROOF
    return cover


def _south_of(shape: Polygon) -> tuple[float, float, float, float]:
    west, south, east, _ = shape.bounds
    return west, south - GARDEN, east, south


def _buildings(estate: Estate) -> list[Polygon]:
    return [*(shape for _, shape in estate.homes), *estate.halls, *(shape for _, shape in estate.services)]


def _canopy(seed: int, cover: NDArray[np.uint8]) -> Floats:
    """Return tree canopy [-]: single trees in gardens; lanes have none."""
    single = generator(seed, 40).random(cover.shape) < np.where(cover == GRASS, CANOPY_TREES, 0.0)
    return np.where((SHEET.distance(single) <= CROWN) & (cover != ROOF), 0.75, 0.0)


def _write_places(folder: Path, seed: int, estate: Estate) -> list[Path]:
    """Write parcels, buildings with their residents, streets, neighbourhoods and the plan area."""
    random = generator(seed, 50)
    parts = [at for at, _ in estate.homes] + [3] * len(estate.halls) + [0, 1, 2]
    uses = ["住宅"] * len(estate.homes) + ["厂房"] * len(estate.halls) + [use for use, _ in estate.services]
    floors = [GROUPS[at][4] for at, _ in estate.homes] + [1] * len(estate.halls) + [2] * len(estate.services)
    years = [int(random.integers(*GROUPS[at][3])) for at in parts]
    flats = [shape.area * GROUPS[at][4] / FLAT_AREA for at, shape in estate.homes]
    people = [round(LIVED_IN * HOUSEHOLD * flat) for flat in flats]
    none = [0] * (len(estate.halls) + len(estate.services))
    aged = [round(number * AGED * (0.8 + 0.4 * float(random.random()))) for number in people]
    streets = list(zip(_roads(), STREETS, strict=True))
    return [
        SHEET.write_shapes(folder / f"小区用地_{LABEL}.gpkg", [ground for _, _, ground, _, _ in GROUPS], {
            "地块编号": [f"DK{at}" for at in range(1, len(GROUPS) + 1)], "用地代码": [group[0] for group in GROUPS]}),
        SHEET.write_shapes(folder / f"现状建筑_{LABEL}.gpkg", _buildings(estate), {
            "编号": [f"L{at:03d}" for at in range(1, len(uses) + 1)], "用途": uses, "层数": floors, "年代": years,
            "居住人口": people + none, "老年人口": aged + none,
            "儿童人数": [round(YOUNG * number) for number in people] + none,
            "保护建筑": [int(use == "厂房" and year <= HERITAGE_YEAR) for use, year in zip(uses, years, strict=True)]}),
        SHEET.write_shapes(folder / f"道路中心线_{LABEL}.gpkg", [line for line, _ in streets], {
            "编号": [f"DL{at:02d}" for at in range(1, len(streets) + 1)], "道路名称": [row[0] for _, row in streets],
            HEADER: english_names(row[0] for _, row in streets),
            "道路等级": [row[1] for _, row in streets], "红线宽度": [row[2] for _, row in streets]}),
        SHEET.write_shapes(folder / f"居民区_{LABEL}.gpkg", [ground for _, _, ground, _, _ in GROUPS], {
            "编号": [f"J{at}" for at in range(1, len(GROUPS) + 1)], "居委会": [group[1] for group in GROUPS],
            HEADER: english_names(group[1] for group in GROUPS)}),
        SHEET.write_shapes(folder / f"规划范围_{LABEL}.gpkg", [SHEET.area], {"名称": [f"规划范围（{LABEL}）"]}),
    ]  # fmt: skip


def write_community(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a synthetic old workers' housing estate of 10 ha in Jiaxing and return the files.

    Slabs, halls, people and levels are set by rules and the seed: no real map, household or survey is used, and
    every file states so. The same seed writes the same estate; an existing file is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    estate = _estate()
    cover = _cover(estate)
    canopy = _canopy(seed, cover)
    shaded = np.where((canopy > 0) & (cover == GRASS), np.uint8(TREES), cover)
    return (
        *_write_places(folder, seed, estate),
        SHEET.write_raster(folder / f"地形高程_{LABEL}.tif", _ground(seed), "bare ground elevation, m"),
        SHEET.write_raster(folder / f"地表覆盖_{LABEL}.tif", shaded, "land cover codes"),
        SHEET.write_raster(folder / f"树冠覆盖_{LABEL}.tif", canopy, "tree canopy cover, share"),
        write_epw(folder / "weather_synthetic.epw", weather(seed)),
    )
