"""Zoning of the synthetic town: land uses and development controls."""

import math
from typing import NamedTuple

from shapely.geometry import Point, Polygon

from citybraid.sources.synthetic.frame import STATION, station_distance


class Zone(NamedTuple):
    """A zone of the town, in local metres."""

    west: float
    south: float
    east: float
    north: float
    codes: tuple[tuple[str, float], ...]
    """Land-use codes with their share of the land."""
    era: str
    """'old' before 2000, 'grown' 2000-2015, 'new' after 2012, 'planned' not built yet."""
    lot: float
    """Largest parcel [m2]."""


class Rule(NamedTuple):
    """The controls of a land use: floor area ratio at the station (`near`) and far from it (`far`)."""

    name: str
    near: float
    far: float
    density: float
    height: float
    green: float


class Controls(NamedTuple):
    """What the detailed plan states for one parcel; ratios as shares, height in metres."""

    floor_area_ratio: float
    building_density: float
    height_limit: float
    green_ratio: float


RULES = {
    "070101": Rule("一类城镇住宅用地", 1.2, 1.0, 0.30, 15.0, 0.35),
    "070102": Rule("二类城镇住宅用地", 3.0, 1.7, 0.25, 79.0, 0.35),
    "070103": Rule("三类城镇住宅用地", 2.0, 1.5, 0.35, 24.0, 0.20),
    "0702": Rule("城镇社区服务设施用地", 1.4, 1.0, 0.40, 18.0, 0.25),
    "0703": Rule("农村宅基地", 0.9, 0.8, 0.42, 12.0, 0.10),
    "0801": Rule("机关团体用地", 2.0, 1.5, 0.35, 50.0, 0.35),
    "0803": Rule("文化用地", 1.5, 1.2, 0.40, 30.0, 0.35),
    "080403": Rule("中小学用地", 0.9, 0.8, 0.28, 24.0, 0.35),
    "080404": Rule("幼儿园用地", 0.8, 0.7, 0.30, 15.0, 0.35),
    "0805": Rule("体育用地", 0.8, 0.6, 0.35, 30.0, 0.30),
    "080601": Rule("医院用地", 2.0, 1.8, 0.32, 70.0, 0.35),
    "080701": Rule("老年人社会福利用地", 1.4, 1.2, 0.30, 36.0, 0.35),
    "090101": Rule("零售商业用地", 3.6, 1.6, 0.50, 40.0, 0.15),
    "090104": Rule("旅馆用地", 4.0, 2.0, 0.40, 100.0, 0.20),
    "0902": Rule("商务金融用地", 5.6, 2.0, 0.45, 150.0, 0.20),
    "100101": Rule("一类工业用地", 1.6, 1.4, 0.55, 30.0, 0.15),
    "110101": Rule("一类物流仓储用地", 1.2, 1.0, 0.55, 24.0, 0.15),
    "120801": Rule("对外交通场站用地", 0.9, 0.9, 0.60, 40.0, 0.10),
    "120802": Rule("公共交通场站用地", 0.6, 0.4, 0.30, 20.0, 0.15),
    "120803": Rule("社会停车场用地", 1.2, 0.8, 0.40, 20.0, 0.15),
    "1302": Rule("排水用地", 0.4, 0.4, 0.30, 12.0, 0.35),
    "1303": Rule("供电用地", 0.6, 0.6, 0.40, 15.0, 0.20),
    "1310": Rule("消防用地", 1.0, 0.8, 0.35, 24.0, 0.25),
}
"""Controls of uses that may be built on: planning practice, assumed for this invented town."""

HOUSING_LIMIT = 80.0
"""Limits above this one are rounded to 5 m [m]."""

OPEN_NAMES = {
    "0101": "水田", "1201": "铁路用地", "1401": "公园绿地", "1402": "防护绿地", "1403": "广场用地", "16": "留白用地",
    "1701": "河流水面",
}  # fmt: skip
"""Uses without floor area."""

ZONES = (
    Zone(1540.0, -10.0, 2010.0, 330.0, (("0703", 0.55), ("0101", 0.45)), "old", 12000.0),
    Zone(-10.0, -10.0, 620.0, 330.0, (("110101", 0.5), ("100101", 0.5)), "grown", 15000.0),
    Zone(620.0, -10.0, 1540.0, 330.0, (("100101", 1.0),), "new", 12000.0),
    Zone(700.0, 400.0, 1300.0, 700.0, (("0902", 0.55), ("090101", 0.3), ("090104", 0.15)), "new", 5200.0),
    Zone(580.0, 700.0, 1420.0, 985.0, (("070102", 0.62), ("0902", 0.2), ("090101", 0.18)), "new", 9500.0),
    Zone(-10.0, 1385.0, 400.0, 1700.0, (("0703", 1.0),), "old", 12000.0),
    Zone(1500.0, 1245.0, 2010.0, 1690.0, (("070103", 0.85), ("090101", 0.15)), "old", 13000.0),
    Zone(-10.0, 400.0, 500.0, 985.0, (("070102", 0.94), ("090101", 0.06)), "grown", 15500.0),
    Zone(1410.0, 400.0, 2010.0, 1100.0, (("070102", 0.8), ("0902", 0.1), ("090101", 0.1)), "planned", 15500.0),
    Zone(1000.0, 1100.0, 1540.0, 2010.0, (("070102", 0.92), ("090101", 0.08)), "planned", 15500.0),
    Zone(500.0, 1100.0, 1000.0, 1540.0, (("070101", 0.5), ("070102", 0.5)), "new", 13500.0),
    Zone(-10.0, -10.0, 2010.0, 2010.0, (("070102", 0.95), ("090101", 0.05)), "grown", 15500.0),
)
"""In order: a parcel belongs to the first zone that contains its centre."""

SITES = (
    ("1403", 1000.0, 500.0), ("1403", 1070.0, 500.0), ("1403", 930.0, 500.0),
    ("120802", 830.0, 470.0), ("120803", 1180.0, 470.0), ("0801", 940.0, 900.0),
    ("0803", 1090.0, 1060.0), ("0803", 900.0, 1050.0), ("080601", 650.0, 1310.0), ("080403", 320.0, 760.0),
    ("080403", 810.0, 1450.0), ("080403", 1340.0, 1320.0), ("080403", 1700.0, 760.0), ("080404", 180.0, 620.0),
    ("080404", 660.0, 1600.0), ("080404", 1200.0, 1600.0), ("080404", 1830.0, 900.0), ("080404", 800.0, 770.0),
    ("080404", 1690.0, 1400.0), ("0805", 1200.0, 1180.0), ("0702", 330.0, 900.0), ("0702", 690.0, 770.0),
    ("0702", 1340.0, 770.0), ("0702", 1830.0, 1600.0), ("0702", 930.0, 1600.0), ("080701", 560.0, 1750.0),
    ("1303", 60.0, 300.0), ("1302", 1700.0, 1150.0), ("1302", 560.0, 230.0), ("1310", 330.0, 1300.0),
    ("1401", 180.0, 900.0), ("1401", 1000.0, 1320.0), ("1401", 1690.0, 620.0), ("1401", 660.0, 1900.0),
    ("1401", 1830.0, 1760.0), ("1401", 965.0, 640.0), ("1401", 1035.0, 640.0),
    ("1401", 1560.0, 1900.0), ("1401", 1930.0, 1330.0), ("16", 1340.0, 1900.0), ("16", 1930.0, 480.0),
    ("0101", 60.0, 1930.0), ("0101", 190.0, 1760.0), ("0101", 330.0, 1930.0), ("0101", 60.0, 1760.0),
)  # fmt: skip
"""Public sites: the parcel nearest to the point gets the use."""


def zone_at(x: float, y: float) -> Zone:
    """The zone that contains a point."""
    return next(zone for zone in ZONES if zone.west <= x < zone.east and zone.south <= y < zone.north)


def use_name(code: str) -> str:
    """Name of a land use in the 2023 guide."""
    return RULES[code].name if code in RULES else OPEN_NAMES[code]


def controls(code: str, middle: Point, wobble: float) -> Controls | None:
    """The plan's controls of a parcel, None where nothing may be built.

    The floor area ratio decreases with distance from the station; `wobble` in [0, 1) varies it slightly.
    """
    if code not in RULES:
        return None
    rule = RULES[code]
    fall = math.exp(-((station_distance(middle.x, middle.y) / 700.0) ** 2))
    ratio = (rule.far + (rule.near - rule.far) * fall) * (0.93 + 0.14 * wobble)
    height = rule.height if code != "0902" else 60.0 + (rule.height - 60.0) * fall
    return Controls(
        round(ratio, 1), rule.density, round(height / 5.0) * 5.0 if height > HOUSING_LIMIT else height, rule.green
    )


def nearest(parts: list[Polygon], x: float, y: float) -> int:
    """Index of the polygon whose centroid is nearest to a point."""
    return min(range(len(parts)), key=lambda k: (parts[k].centroid.x - x) ** 2 + (parts[k].centroid.y - y) ** 2)


def platform() -> Polygon:
    """The station's site: a rectangle over the railway."""
    x, y = STATION
    return Polygon([(x - 150.0, y - 66.0), (x + 150.0, y - 66.0), (x + 150.0, y + 30.0), (x - 150.0, y + 30.0)])
