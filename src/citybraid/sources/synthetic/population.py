"""Communities of the synthetic town and who lives in them."""

from typing import NamedTuple

from shapely import unary_union
from shapely.geometry import Polygon
from shapely.ops import polygonize

from citybraid.sources.synthetic.buildings import Building
from citybraid.sources.synthetic.frame import DOMAIN, bent_line, generator
from citybraid.sources.synthetic.waters import east_canal, west_canal

NAMES = (
    "虚舟", "幻湾", "拟桥", "假山", "虚荷", "幻塔", "拟泽", "假港",
    "虚桑", "幻湖", "拟浜", "假堤", "虚苇", "幻学", "拟塘", "假渡",
)  # fmt: skip
"""Fictional names: each begins with a character that means unreal."""
FLOOR_AREA_PER_PERSON = {"住宅": 42.0, "民居": 58.0}
"""Housing floor area per resident [m2]: assumed for this invented town."""
HOUSEHOLD_SIZE = 2.55
"""Persons per household, Xiuzhou district of Jiaxing, 2020 census: derived from 53.04 over 20.83 (10 000)."""
SHARE_60_PLUS = 0.193
"""Residents of 60 and older, Jiaxing, 2020 census."""


class Community(NamedTuple):
    """A community (社区): the town's planning unit, in local metres."""

    number: str
    name: str
    shape: Polygon
    households: int
    residents: int
    elderly: int


def communities(seed: int, buildings: tuple[Building, ...]) -> tuple[Community, ...]:
    """Sixteen communities between the arterials and the side canals, with residents from housing floor area."""
    random = generator(seed, 50)
    lines = [bent_line(((-60.0, v), (2060.0, v))) for v in (420.0, 985.0, 1530.0)]
    lines += [bent_line(((1000.0, -60.0), (1000.0, 2060.0))), west_canal(), east_canal(-60.0)]
    shapes = [part for part in polygonize(unary_union([DOMAIN.exterior, *lines])) if DOMAIN.covers(part.centroid)]
    shapes.sort(key=lambda part: (round(part.centroid.y / 500.0 - 0.5), part.centroid.x))
    result: list[Community] = []
    for number, (name, shape) in enumerate(zip(NAMES, shapes, strict=True), 1):
        homes = [
            b for b in buildings if b.use in FLOOR_AREA_PER_PERSON and shape.contains(b.shape.representative_point())
        ]
        occupancy = 0.82 + 0.12 * float(random.random())
        residents = round(sum(b.floors * b.shape.area / FLOOR_AREA_PER_PERSON[b.use] for b in homes) * occupancy)
        elderly = round(residents * SHARE_60_PLUS * (0.8 + 0.4 * float(random.random())))
        result.append(
            Community(
                f"SQ{number:02d}", f"{name}社区（合成）", shape, round(residents / HOUSEHOLD_SIZE), residents, elderly
            )
        )
    return tuple(result)
