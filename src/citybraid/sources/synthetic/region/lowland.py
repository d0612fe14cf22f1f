"""A synthetic quarter in a river lowland: plots, homes, shelters, ground and a river flood; roads are not made."""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import LineString, Point, box

from citybraid.sources.synthetic.english_names import HEADER, english_names
from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.region.canvas import Canvas, Floats, seeded
from citybraid.sources.synthetic.region.region_files import write_cells, write_shapes

EPSG = 4548
"""CGCS2000 3-degree Gauss-Kruger, central meridian 117 E."""
CANVAS = Canvas((405_600.0, 4_324_600.0), EPSG, 170, 140, 10.0)
"""1.4 km by 1.7 km that hold the mapped roads of Rongdong."""
PLOT, LANE = 100.0, 14.0
"""Side of a plot and its lane [m]."""
PEOPLE = 34_000
"""Residents of the quarter: assumed, 25 in 1000 m2 of homes, 40 m2 each."""
ELDERLY = 0.1977
"""Share of 60 and older: Baoding without Xiong'an, census of 2020, taken for want of Xiong'an's own."""
USES = (
    ("070102", 0.62),
    ("1401", 0.1),
    ("080403", 0.06),
    ("1403", 0.03),
    ("0805", 0.03),
    ("0801", 0.04),
    ("090101", 0.12),
)
"""Shares of plots by use: assumed."""
BUILT = {
    "070102": ("residential", 2, 6),
    "080403": ("school", 1, 4),
    "0801": ("office", 1, 5),
    "090101": ("retail", 1, 3),
}
"""Use, slabs and storeys of a plot's buildings: assumed."""
LEVELS = ((0.0, 8.0), (4.0, 8.0), (8.0, 9.0), (10.0, 9.0), (16.0, 8.0), (24.0, 8.0))
"""River: hours and levels [m] between which it rises and falls evenly: assumed."""


FACILITIES = (103, 120, 30, 200)
"""Plots of hospital, fire station and two shelters: assumed; the hospital's is the one that the lifelines supply."""
CREST = 8.7
"""Crest of the levee along the river [m]: assumed, below the flood's peak."""
BERM = 35.0
"""Distance of the levee from the southern edge [m]."""


class Plot(NamedTuple):
    """A plot, its use and the slabs on it."""

    number: str
    shape: shapely.Polygon
    use: str
    slabs: list[shapely.Polygon]


def write_lowland(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write a synthetic quarter of 1.4 km by 1.7 km in the lowland of the Daqing river and return the files.

    Plots, buildings, residents, facilities, ground and the flood are invented by rules and the seed; only the extent is
    that of the mapped roads of Rongdong, which are read from their own file.
    """
    lots, level = plots(seed), ground(seed)
    corners = [lot.shape.centroid for lot in lots]
    districts = _districts()
    slabs = [(lot, slab) for lot in lots for slab in lot.slabs]
    return (
        write_shapes(folder / f"用地_{LABEL}.gpkg",
                     {"编号": [lot.number for lot in lots], "用地代码": [lot.use for lot in lots]},
                     [lot.shape for lot in lots], EPSG),
        write_shapes(
            folder / f"建筑_{LABEL}.gpkg",
            {
                "编号": [f"JZ{k:04d}" for k in range(1, len(slabs) + 1)],
                "用途": [BUILT[lot.use][0] for lot, _ in slabs], "层数": [BUILT[lot.use][2] for lot, _ in slabs],
                "高度": [3.2 * BUILT[lot.use][2] for lot, _ in slabs], "年代": [2021 for _ in slabs],
            },
            [slab for _, slab in slabs], EPSG,
        ),
        write_shapes(
            folder / f"社区_{LABEL}.gpkg",
            {"编号": [f"SQ{k}" for k in range(1, 5)], "社区": [f"虚区{k}（合成）" for k in range(1, 5)],
             HEADER: english_names(f"虚区{k}（合成）" for k in range(1, 5)),
             "常住人口": [PEOPLE / 4] * 4, "60岁及以上人口": [PEOPLE / 4 * ELDERLY] * 4},
            districts, EPSG,
        ),
        write_shapes(folder / f"规划范围_{LABEL}.gpkg", {"名称": [f"规划范围（{LABEL}）"]},
                     [shapely.union_all(districts)], EPSG),
        write_shapes(
            folder / f"设施_{LABEL}.gpkg",
            {"编号": ["SS1", "SS2", "SS3", "SS4"], "设施类型": ["医院", "消防救援站", "应急避难场所", "应急避难场所"],
             "有效避难面积": [math.nan, math.nan, 9000.0, 6000.0]},
            [Point(corners[at].x, corners[at].y) for at in FACILITIES], EPSG,
        ),
        write_shapes(folder / f"堤防_{LABEL}.gpkg", {"编号": ["DF1"], "堤顶高程": [CREST]}, [_levee()], EPSG),
        write_cells(folder / f"地形高程_{LABEL}.tif", level.astype(np.float32), CANVAS, nodata=-9999.0,
                    about="bare ground elevation, m"),
        write_cells(folder / f"地表覆盖_{LABEL}.tif", _cover(seed, lots), CANVAS, nodata=0, about="land cover codes"),
        _write_flood(folder / f"河道水位_{LABEL}.csv"),
    )  # fmt: skip


def plots(seed: int) -> tuple[Plot, ...]:
    """Return plots on a lattice, each with a use, and slabs on those that are built on."""
    random = seeded(seed, 10)
    west, south = CANVAS.origin
    across, up = (round(side * CANVAS.cell / PLOT) for side in (CANVAS.columns, CANVAS.rows))
    codes, shares = zip(*USES, strict=True)
    drawn = random.choice(codes, size=across * up, p=shares)
    plots_made = []
    for k, code in enumerate(drawn):
        x, y = west + (k % across) * PLOT + LANE / 2, south + (k // across) * PLOT + LANE / 2
        side = PLOT - LANE
        count = BUILT.get(code, ("", 0, 0))[1]
        slabs = [box(x + 12, y + 10 + 36 * at, x + side - 12, y + 23 + 36 * at) for at in range(count)]
        plots_made.append(Plot(f"DK{k + 1:03d}", box(x, y, x + side, y + side), str(code), slabs))
    return tuple(plots_made)


def ground(seed: int) -> Floats:
    """Return ground levels [m]: falling by 1.4 m from north to south, with shallow dips."""
    _, y = CANVAS.centres()
    fall = 8.2 + 1.4 * (y - CANVAS.origin[1]) / (CANVAS.rows * CANVAS.cell)
    return np.asarray(fall + 0.12 * CANVAS.noise(seeded(seed, 20), 90.0), np.float64)


def _cover(seed: int, lots: tuple[Plot, ...]) -> np.ndarray:
    random = seeded(seed, 30)
    cells = np.full(CANVAS.shape, 50, np.uint8)
    for lot in lots:
        inside = CANVAS.inside(lot.shape)
        green = (10, 30) if lot.use in {"1401", "0805"} else (50, 30)
        cells[inside] = random.choice(green, size=int(inside.sum()))
        for slab in lot.slabs:
            cells[CANVAS.inside(slab)] = 52
    return cells


def _districts() -> list[shapely.Polygon]:
    """Return four communities, a quarter of the land each."""
    west, south = CANVAS.origin
    width, height = CANVAS.columns * CANVAS.cell / 2, CANVAS.rows * CANVAS.cell / 2
    return [
        box(west + i * width, south + j * height, west + (i + 1) * width, south + (j + 1) * height)
        for j in (0, 1)
        for i in (0, 1)
    ]


def _levee() -> LineString:
    """Return the levee along the river, from edge to edge."""
    west, south = CANVAS.origin
    return LineString([(west, south + BERM), (west + CANVAS.columns * CANVAS.cell, south + BERM)])


def _write_flood(path: Path) -> Path:
    """Write the level of the river south of the quarter, hour by hour."""
    hours, levels = zip(*LEVELS, strict=True)
    at = np.arange(0.0, hours[-1] + 1.0)
    rows = [
        "时间(h),水位(m)",
        *(f"{hour:g},{level:.2f}" for hour, level in zip(at, np.interp(at, hours, levels), strict=True)),
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
