"""Land of the synthetic coast: wooded hills behind a town on a bay, roads between them, mangroves at the shore."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry import LineString, Polygon, box
from shapely.ops import substring

from citybraid.sources.synthetic.region.canvas import Canvas, Floats, Mask, seeded

EPSG = 4548
"""CGCS2000 3-degree Gauss-Kruger, central meridian 117 E."""
CANVAS = Canvas((609_000.0, 2_707_200.0), EPSG, 200, 240, 30.0)
"""7.2 km by 6 km near Xiamen; where things lie in it is invented."""
HILLS = (
    (900.0, 4700.0, 620.0, 330.0),
    (2300.0, 5200.0, 520.0, 280.0),
    (3500.0, 4500.0, 430.0, 210.0),
    (5200.0, 4900.0, 560.0, 300.0),
    (1300.0, 2500.0, 420.0, 190.0),
    (3300.0, 2650.0, 380.0, 150.0),
    (5600.0, 3000.0, 360.0, 140.0),
)
"""Hills: easting and northing of the top and standard deviation [m], height [m]: assumed."""
PARTS = 4
"""Stretches that a long road is cut into."""
LONG = 2500.0
"""Length of a road from which on it has so many stretches, else half as many [m]."""
STEEP, HIGH, FLAT = 0.2, 60.0, 0.1
"""Slope [-] and level [m] from which on ground is wooded, and slope up to which it is farmed [-]: assumed."""
MANGROVES = (260.0, 2600.0)
"""Width of the mangroves and how far east they reach [m]: assumed."""
TREES, GRASS, CROP, PAVED, ROAD, ROOF, WATER, MARSH = 10, 30, 40, 50, 51, 52, 80, 90
STREWN = ((GRASS, 220.0, 1.35), (CROP, 300.0, 1.5), (TREES, 160.0, 1.45))
"""Land cover strewn over the town: size of its pieces [m], and the noise above which it lies: assumed."""


class Road(NamedTuple):
    """A stretch of road."""

    number: str
    name: str
    grade: str
    line: LineString
    width: float
    """Paved width [m]."""


def shore() -> Polygon:
    """Return the sea: a bay in the south and a channel along the eastern side."""
    west, south = CANVAS.origin
    width, height = CANVAS.columns * CANVAS.cell, CANVAS.rows * CANVAS.cell
    x = np.linspace(-100.0, width - 700.0, 60)
    y = 900.0 + 260.0 * np.sin(x / 900.0) + 160.0 * np.sin(x / 430.0 + 1.0)
    inner = [(west + a, south + b) for a, b in zip(x, y, strict=True)]
    up = np.linspace(1400.0, height + 100.0, 40)
    side = [(west + width - 650.0 + 180.0 * np.sin(b / 800.0), south + b) for b in up]
    return Polygon([
        (west - 100.0, south - 100.0), *inner, *side,
        (west + width + 100.0, south + height + 100.0), (west + width + 100.0, south - 100.0),
    ])  # fmt: skip


def ground(seed: int) -> Floats:
    """Return ground levels [m]: hills over a plain that falls to the shore, the bed of the sea below it."""
    x, y = CANVAS.centres()
    west, south = CANVAS.origin
    sea = CANVAS.inside(shore())
    inland = np.asarray(ndimage.distance_transform_edt(~sea)) * CANVAS.cell
    offshore = np.asarray(ndimage.distance_transform_edt(sea)) * CANVAS.cell
    level = 1.4 + 4.5 * (1.0 - np.exp(-inland / 1100.0)) + 0.25 * CANVAS.noise(seeded(seed, 10), 250.0)
    for east, north, spread, height in HILLS:
        ridge = 1.0 + 0.18 * CANVAS.noise(seeded(seed, round(east)), 160.0)
        level += height * ridge * np.exp(-((x - west - east) ** 2 + (y - south - north) ** 2) / (2 * spread**2))
    return np.where(sea, -0.8 - offshore / 160.0, np.maximum(level, 0.9))


def roads() -> tuple[Road, ...]:
    """Return the roads, cut into stretches: a motorway along the hills, one along the shore, arterials between."""
    west, south = CANVAS.origin
    east = [0.0, 1400.0, 2900.0, 4300.0, 5500.0, 6350.0]
    plans = (
        ("山前快速路", "快速路", 60.0, list(zip(east, [3650.0, 3800.0, 3600.0, 3850.0, 3950.0, 3800.0], strict=True))),
        ("滨海快速路", "快速路", 60.0, list(zip(east, [1500.0, 1620.0, 1420.0, 1500.0, 1560.0, 1750.0], strict=True))),
        ("隧口大道", "主干路", 30.0, [(1650.0, 5980.0), (1720.0, 4200.0), (1850.0, 2600.0), (1900.0, 1540.0)]),
        (
            "中山北路",
            "主干路",
            30.0,
            [(4850.0, 5980.0), (4750.0, 4900.0), (4450.0, 3900.0), (4450.0, 2700.0), (4400.0, 1520.0)],
        ),
        ("横山路", "次干路", 30.0, list(zip(east, [2150.0, 2080.0, 2200.0, 2150.0, 2250.0, 2300.0], strict=True))),
        ("林边路", "支路", 30.0, [(2900.0, 3650.0), (2850.0, 2900.0), (2800.0, 2180.0)]),
    )
    roads_made: list[Road] = []
    for name, grade, width, points in plans:
        line = LineString([(west + a, south + b) for a, b in points])
        ends = np.linspace(0.0, line.length, (PARTS if line.length > LONG else PARTS // 2) + 1)
        for part, (begin, end) in enumerate(pairwise(ends), start=1):
            piece = LineString(substring(line, begin, end).coords)
            roads_made.append(Road(f"DL{len(roads_made) + 1:02d}", f"{name}{part}段（合成）", grade, piece, width))
    return tuple(roads_made)


def cover(seed: int, level: Floats, ways: tuple[Road, ...]) -> NDArray[np.uint8]:
    """Return land cover: woods on slopes, town on the plain with parks and some fields, mangroves at the shore."""
    random = seeded(seed, 30)
    sea = CANVAS.inside(shore())
    slope = np.hypot(*np.gradient(level, CANVAS.cell))
    town = np.array([ROOF, PAVED, GRASS, TREES], np.uint8)
    cells = random.choice(town, size=CANVAS.shape, p=[0.3, 0.42, 0.18, 0.1]).astype(np.uint8)
    for code, size, above in STREWN:
        flat = slope < FLAT if code == CROP else True
        cells[(CANVAS.noise(random, size) > above) & flat] = code
    cells[(slope > STEEP) | (level > HIGH)] = TREES
    cells[_mangroves(sea)] = MARSH
    cells[sea] = WATER
    for way in ways:
        cells[CANVAS.inside(way.line.buffer(way.width / 2 + 1.0, cap_style="flat")) & ~sea] = ROAD
    return cells


def _mangroves(sea: Mask) -> Mask:
    """Return the low ground along the western bay."""
    west, _ = CANVAS.origin
    x, _ = CANVAS.centres()
    near = np.asarray(ndimage.distance_transform_edt(~sea)) * CANVAS.cell
    return (near > 0.0) & (near < MANGROVES[0]) & (x - west < MANGROVES[1])


def districts() -> list[Polygon]:
    """Return six districts that share the land, from the north-west to the south-east."""
    west, south = CANVAS.origin
    width, height = CANVAS.columns * CANVAS.cell, CANVAS.rows * CANVAS.cell
    dry = box(west, south, west + width, south + height) - shore()
    cells = [
        box(west + k * width / 3, south + j * height / 2, west + (k + 1) * width / 3, south + (j + 1) * height / 2)
        for j in (1, 0)
        for k in range(3)
    ]
    parts = [max(getattr(cell & dry, "geoms", [cell & dry]), key=lambda part: part.area) for cell in cells]
    return [part for part in parts if part.area > 0.0]
