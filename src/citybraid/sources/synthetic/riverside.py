"""Riverside industrial heritage of Yangpu: blocks, river, flood wall, ground, cover and protected sites made up.

Blocks are those cells of 500 m that the published list of buildings names, each within its real subdistrict, back from
the bank by a quay; where a cell lies in it is not published, so places are made up, and so are ground, river bed,
planting and protected sites.
"""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.quarter.quarter import Neighbourhood, Quarter, quarter, weighted_parts
from citybraid.sources.synthetic.region.canvas import Canvas, seeded
from citybraid.sources.synthetic.region.region_files import write_cells, write_shapes

EPSG = 4549
CANVAS = Canvas((643600.0, 3459400.0), EPSG, 670, 560, 10.0)
LEVEL = 3.8
"""Mean ground behind the flood wall [m above Wusong datum]: of the order of inner Shanghai's, assumed."""
TURN = 0.75
"""Direction of the streets, along the river [rad from east]."""
CREST = 6.9
"""Crest of the flood wall, of the order of that of 1000 years along the inner Huangpu [m]: recalled, unverified."""
HIGH_WATER = 5.72
"""Highest water at Huangpu Park, 19 August 1997 [m above Wusong datum]: recalled, unverified."""
ORDINARY, LOW_WATER = 3.3, 2.1
"""Mean high and low water [m above Wusong datum]: assumed."""
TIDE = 12.4
"""Hours between two high waters."""
SITES, SITE_RADIUS = 24, 36.0
"""Protected sites (24 with 66 buildings are published) and their half side [m], which is assumed."""
BANK = (
    (643500, 3459900), (644033, 3459587), (645150, 3459620), (646091, 3460004), (647642, 3461208), (648650, 3462281),
    (648990, 3463029), (648976, 3463890), (648510, 3464970), (648277, 3465963), (648277, 3466200),
)  # fmt: skip
"""The left bank of the river along the subdistricts, and on to the edges of the canvas [m in EPSG:4549]."""


class Subdistrict(NamedTuple):
    """A subdistrict: its outline, residents, and blocks with footprint and floor area of homes in the list [m2]."""

    name: str
    latin: str
    outline: tuple[tuple[float, float], ...]
    """Simplified to 60 m (© OpenStreetMap contributors, ODbL) [m in EPSG:4549]."""
    residents: int
    """Census of 2020."""
    blocks: tuple[tuple[str, float, float], ...]


DINGHAILU = (
    ("1166", 96238, 61423), ("1825", 23736, 6156), ("2948", 64812, 98770), ("3027", 92740, 117266),
    ("5980", 75959, 285194), ("6771", 76777, 50017), ("7864", 51411, 173840), ("11631", 58699, 19404),
    ("13218", 39017, 12415), ("14176", 85818, 146030), ("15116", 779, 0), ("16828", 83868, 17108),
    ("18104", 2917, 1726), ("20436", 33571, 6684), ("20796", 18008, 5390), ("22299", 489, 0),
    ("23254", 55881, 102557), ("23653", 29713, 8920), ("23887", 65085, 7635), ("24589", 70266, 252496),
    ("24701", 74363, 6009), ("24904", 55388, 81612), ("24930", 73704, 123567), ("27222", 48365, 304092),
    ("28838", 7091, 0), ("29227", 80612, 129375),
)  # fmt: skip
PINGLIANGLU = (
    ("1005", 78737, 367470), ("1685", 85366, 107925), ("7925", 86514, 139012), ("8611", 20744, 0),
    ("11119", 42210, 95613), ("12496", 67157, 325424), ("12995", 74084, 93046), ("14289", 95170, 169945),
    ("14548", 17377, 1112), ("17093", 55430, 157451), ("17285", 86864, 202990), ("19013", 2347, 1358),
    ("22164", 81052, 192695), ("25442", 72449, 143727),
)  # fmt: skip
DAQIAO = (
    ("1491", 48120, 3687), ("5254", 96038, 161304), ("7583", 98925, 52684), ("8221", 83512, 78027),
    ("9737", 96526, 96190), ("11530", 74669, 245512), ("13878", 96622, 123333), ("14895", 78235, 511645),
    ("18453", 75542, 404070), ("21039", 88443, 102252), ("23140", 67673, 231995), ("24208", 55192, 320234),
    ("25588", 69100, 71261), ("25786", 89279, 169235), ("25907", 42319, 6142), ("26025", 56257, 133029),
    ("26701", 21127, 747), ("27095", 76537, 240476),
)  # fmt: skip
"""Sums of the list of buildings by cell: number, footprint, floor area of homes [m2]."""
SUBDISTRICTS = (
    Subdistrict("定海路街道", "Dinghailu", (
        (648510, 3464970), (648976, 3463890), (648990, 3463029),
        (648650, 3462281), (647642, 3461208), (647193, 3461769),
        (647052, 3461651), (646298, 3462405), (646598, 3462648),
        (646331, 3463040), (647721, 3464055), (647516, 3464249),
        (648033, 3464485), (647902, 3465648), (647952, 3465908), (648277, 3465963),
    ), 89_600, DINGHAILU),
    Subdistrict("平凉路街道", "Pinglianglu", (
        (645055, 3461728), (646091, 3460004), (645150, 3459620),
        (644033, 3459587), (643991, 3460082), (644138, 3460111),
        (643697, 3460785), (643996, 3461096),
    ), 57_800, PINGLIANGLU),
    Subdistrict("大桥街道", "Daqiao", (
        (646331, 3463040), (646598, 3462648), (646298, 3462405),
        (647052, 3461651), (647193, 3461769), (647642, 3461208),
        (646091, 3460004), (645890, 3460310), (645846, 3460596),
        (645692, 3460711), (644650, 3462366), (645243, 3462735),
    ), 95_400, DAQIAO),
)  # fmt: skip
QUAY = 60.0
"""Public ground along the bank before the first blocks [m]: assumed. No cell of 40 m that the river touches reaches
into a block, so that no building stands in the river's water."""
ALONG = MappingProxyType({"river": 0.08, "inland": 0.18})
"""Planted share of plots beside the river and inland [-]: assumed."""


def write_riverside(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write blocks with people, protected sites, flood wall, ground, cover, canopy and two tides, and return the files.

    Residents of a subdistrict are those of the census, shared among its blocks by floor area of homes. The same seed
    writes the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    river = river_of(BANK)
    quay = river.buffer(QUAY)
    blocks = {
        each.name: weighted_parts(Polygon(each.outline).difference(quay), {b: area for b, area, _ in each.blocks})
        for each in SUBDISTRICTS
    }
    drawn = _drawn(blocks, river, seed)
    shapes = dict(chain.from_iterable(each.items() for each in blocks.values()))
    return (
        write_shapes(folder / f"街坊_{LABEL}.gpkg", _people(), list(shapes.values()), EPSG),
        write_shapes(folder / f"保护范围_{LABEL}.gpkg", *_sites(list(shapes.values()), river, seed), EPSG),
        write_shapes(folder / f"防汛墙_{LABEL}.gpkg", {"墙顶高程": [CREST]}, [_wall()], EPSG),
        write_cells(
            folder / f"地形高程_{LABEL}.tif", drawn.ground.astype(np.float32), CANVAS, nodata=-9999.0,
            about="bare ground elevation, m",
        ),
        write_cells(folder / f"地表覆盖_{LABEL}.tif", drawn.cover, CANVAS, nodata=0, about="land cover codes"),
        write_cells(
            folder / f"树冠覆盖_{LABEL}.tif", drawn.canopy.astype(np.float32), CANVAS, nodata=-9999.0,
            about="tree canopy cover, share",
        ),
        _write_tide(folder / f"风暴潮位_{LABEL}.csv", HIGH_WATER),
        _write_tide(folder / f"平常潮位_{LABEL}.csv", ORDINARY),
    )  # fmt: skip


def river_of(bank: tuple[tuple[float, float], ...]) -> Polygon:
    """Return the water between the bank and the edges of the canvas to its right."""
    west, south = CANVAS.origin
    east = west + CANVAS.columns * CANVAS.cell
    return Polygon([*bank, (east + 100.0, bank[-1][1]), (east + 100.0, south - 100.0), (bank[0][0], south - 100.0)])


def _wall() -> BaseGeometry:
    """The flood wall along the bank, before all blocks, and ten cells beyond the canvas: coarse cells reach over it."""
    west, south = CANVAS.origin
    north, east = south + CANVAS.rows * CANVAS.cell, west + CANVAS.columns * CANVAS.cell
    return LineString(BANK).intersection(box(west, south, east, north).buffer(10 * CANVAS.cell, join_style="mitre"))


def _drawn(blocks: Mapping[str, Mapping[str, BaseGeometry]], river: Polygon, seed: int) -> Quarter:
    random = seeded(seed, 0)
    parts = [
        Neighbourhood(
            number, shape, float(random.normal(0.0, 0.2)),
            ALONG["river" if shape.distance(river) < 2 * CANVAS.cell else "inland"],
        )
        for each in blocks.values()
        for number, shape in each.items()
    ]  # fmt: skip
    return quarter(CANVAS, parts, seed=seed, level=LEVEL, turn=TURN, river=river)


def _people() -> dict[str, list[object]]:
    """Return the columns of blocks: number, name, residents, subdistrict."""
    columns: dict[str, list[object]] = {"id": [], "街坊": [], "常住人口": [], "街道": []}
    for each in SUBDISTRICTS:
        living = sum(area for _, _, area in each.blocks)
        for at, (number, _, area) in enumerate(each.blocks, 1):
            columns["id"].append(number)
            columns["街坊"].append(f"{each.name[:-2]} {each.latin} {at} （{LABEL} synthetic）")
            columns["常住人口"].append(round(each.residents * area / living))
            columns["街道"].append(each.name)
    return columns


def _sites(blocks: list[BaseGeometry], river: Polygon, seed: int) -> tuple[dict[str, list[object]], list[BaseGeometry]]:
    """Return squares in the blocks nearest to the river, for protected sites."""
    random = seeded(seed, 2)
    near = sorted(blocks, key=lambda shape: (round(shape.distance(river)), -round(shape.area)))[:SITES]
    squares: list[BaseGeometry] = []
    for block in near:
        inner = block.buffer(-SITE_RADIUS)
        home = inner if not inner.is_empty else block
        west, south, east, north = home.bounds
        spots = [Point(random.uniform(west, east), random.uniform(south, north)) for _ in range(200)]
        spot = next((each for each in spots if home.covers(each)), home.representative_point())
        squares.append(spot.buffer(SITE_RADIUS, cap_style="square"))
    return {"名称": [f"保护点{at}（{LABEL}）" for at in range(1, len(squares) + 1)]}, squares


def _write_tide(path: Path, high: float) -> Path:
    """Write the water outside the wall as half-hourly levels: a tide whose high water comes three hours in."""
    hours = np.arange(0.0, 8.5, 0.5)
    level = LOW_WATER + (high - LOW_WATER) * np.cos(np.pi * (hours - 3.0) / TIDE) ** 2
    lines = [f"{LABEL}潮位过程 synthetic tide（非实测过程）,", "历时(h),水位(m)"]
    lines += [f"{hour:g},{value:.2f}" for hour, value in zip(hours, level, strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path
