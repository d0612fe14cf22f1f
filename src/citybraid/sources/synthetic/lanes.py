"""Lane and workers' housing of Xinhua Road: neighbourhoods, ground, cover and trees made up within the real outline.

The groups are those cells of 500 m that the published list of buildings names; where each lies is not published, so
their order in the outline is made up, and so are ground, planting, ages of people and names.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from shapely.geometry import Polygon

from citybraid.sources.synthetic.english_names import HEADER
from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.quarter.quarter import Neighbourhood, parts, quarter
from citybraid.sources.synthetic.region.canvas import Canvas, seeded
from citybraid.sources.synthetic.region.region_files import write_cells, write_shapes

EPSG = 4549
OUTLINE = (
    (636328, 3455474), (636597, 3454675), (635290, 3453949), (635051, 3453699), (634585, 3455125), (635765, 3455379),
    (635899, 3455653), (636118, 3455804), (636250, 3455475),
)  # fmt: skip
"""Xinhua Road subdistrict, simplified to 60 m (© OpenStreetMap contributors, ODbL) [m in EPSG:4549]."""
CELL = 5.0
MARGIN = 60.0
LEVEL = 3.6
"""Mean ground [m above Wusong datum]: of the order of inner Shanghai's, assumed."""
TURN = 0.55
"""Direction of the streets, that of the outline's long side [rad from east]."""
AREA_PER_PERSON = 30.58
"""Living floor area per person in Shanghai [m2]: China Population Census Yearbook 2020."""
SHARE_65_PLUS = 0.21
"""Residents of 65 and over: 30 % of 60 and over in Changning (shine.cn) times 16.3/23.4 of Shanghai (census 2020)."""


class Group(NamedTuple):
    """Buildings of one cell of the list: its number, floor area of homes, their share in homes up to three storeys."""

    number: str
    name: str
    living: float
    """Floor area of homes in the list [m2]."""
    low_rise: float
    """Share of it in buildings of up to three storeys [-]."""


GROUPS = (
    Group("5051", "虚桐 Xutong", 309_860, 0.063),
    Group("23436", "拟里 Nili", 152_829, 0.389),
    Group("14854", "假番 Jiafan", 323_357, 0.119),
    Group("25147", "虚弄 Xulong", 169_661, 0.248),
    Group("22136", "拟法 Nifa", 278_387, 0.066),
    Group("18648", "假新 Jiaxin", 177_496, 0.223),
    Group("22913", "虚华 Xuhua", 346_426, 0.096),
    Group("15144", "拟园 Niyuan", 152_013, 0.196),
    Group("26684", "假邨 Jiacun", 233_919, 0.115),
)
"""Sums of the list of buildings by cell. Names are fictional: each begins with a character that means unreal."""


def write_lanes(folder: Path, seed: int = 1) -> tuple[Path, ...]:
    """Write neighbourhoods with their people, ground, cover and canopy, and return the files.

    Neighbourhoods with many low homes lie lower, are less planted and have more old people: the plots that streets
    were raised around. These links are assumed; the same seed writes the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    outline, random = Polygon(OUTLINE), seeded(seed, 0)
    shapes = parts(outline, [group.number for group in GROUPS])
    people = [round(group.living / AREA_PER_PERSON) for group in GROUPS]
    mean = float(np.average([group.low_rise for group in GROUPS], weights=people))
    old = [SHARE_65_PLUS * (1.0 + 1.2 * (group.low_rise - mean) + 0.1 * random.standard_normal()) for group in GROUPS]
    drawn = quarter(
        _canvas(outline), [
            Neighbourhood(group.number, shapes[group.number], 0.2 - 1.6 * group.low_rise, 0.3 - 0.5 * group.low_rise)
            for group in GROUPS
        ], seed=seed, level=LEVEL, turn=TURN,
    )  # fmt: skip
    columns: dict[str, list[object]] = {
        "id": [group.number for group in GROUPS],
        "社区": [f"{group.name} （{LABEL} synthetic）" for group in GROUPS],
        HEADER: [f"{group.name.partition(' ')[2]} (synthetic)" for group in GROUPS],
        "常住人口": [*people],
        "65岁及以上人口": [round(count * share) for count, share in zip(people, old, strict=True)],
    }
    canvas = _canvas(outline)
    return (
        write_shapes(folder / f"社区_{LABEL}.gpkg", columns, [shapes[group.number] for group in GROUPS], EPSG),
        write_cells(
            folder / f"地形高程_{LABEL}.tif", drawn.ground.astype(np.float32), canvas, nodata=-9999.0,
            about="bare ground elevation, m",
        ),
        write_cells(folder / f"地表覆盖_{LABEL}.tif", drawn.cover, canvas, nodata=0, about="land cover codes"),
        write_cells(
            folder / f"树冠覆盖_{LABEL}.tif", drawn.canopy.astype(np.float32), canvas, nodata=-9999.0,
            about="tree canopy cover, share",
        ),
    )  # fmt: skip


def _canvas(outline: Polygon) -> Canvas:
    west, south, east, north = outline.bounds
    columns, rows = (int(np.ceil((high - low + 2 * MARGIN) / CELL)) for low, high in ((west, east), (south, north)))
    return Canvas((west - MARGIN, south - MARGIN), EPSG, rows, columns, CELL)
