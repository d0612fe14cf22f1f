"""Transverse Mercator zones: candidates for coordinates, and properties of zones.

CGCS2000 has zones of 3 and 6 degrees, each with the zone's number before the easting
(40 572 000) and without (572 000); zones of both widths agree where they share a
central meridian. Codes as in the EPSG registry (checked by the tests through PROJ).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pyproj import CRS, Proj, Transformer

from citybraid.sources.protocol.target import Bounds

MAX_AREAL_DISTORTION = 0.02
"""Maximum areal distortion of a CRS accepted for a study [-]."""
MERIDIANS = tuple(range(75, 136, 3))
CITIES = range(102, 124)
"""Central meridians between which most cities of China lie [degree]."""
DEGREES: Bounds = (-180.0, -90.0, 180.0, 90.0)
SIX_DIGITS: Bounds = (1e5, 1.5e6, 9e5, 6e6)
CHINA: Bounds = (73.0, 15.0, 135.1, 54.0)
"""Bounding rectangle of China [degree]."""
PROJECTED: Bounds = (1e5, 0.0, 9e5, 1e7)
WEB: Bounds = (8e6, 1.5e6, 1.55e7, 7.6e6)
"""China in web Mercator [m]."""
ZONE_UNIT = 1e6
THREE_DEGREE, SIX_DEGREE = range(25, 46), range(13, 24)
MOST_NEAR = 4
FARTHEST = 300.0
"""Distance from the reference point beyond which a zone is not a candidate [km]."""
WEB_MERCATOR = "EPSG:3857"
UTM_SCALE = 0.9996
ACROSS, LOW = 350.0, 30.0
"""Least width and most height of bounds whose shapes lie on both sides of the 180th meridian [degree]."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Zone:
    """Transverse Mercator parameters: central meridian [degree], scale factor on it [-], false easting [m]."""

    meridian: float
    scale: float
    false_easting: float

    @property
    def prefixed(self) -> bool:
        """Whether eastings are prefixed with the zone number."""
        return self.false_easting > ZONE_UNIT


def zone_of(crs: CRS) -> Zone | None:
    """Return the transverse Mercator parameters of a CRS, None where it is another projection."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    parameters = {part.name: float(part.value) for part in operation.params}
    return Zone(
        parameters.get("Longitude of natural origin", 0.0), parameters.get("Scale factor at natural origin", 1.0),
        parameters.get("False easting", 0.0),
    )  # fmt: skip


def three_degree(meridian: float) -> str:
    """Return the 3-degree zone of CGCS2000 on a central meridian, eastings of six digits; '' where there is none."""
    return f"EPSG:{4534 + (round(meridian) - MERIDIANS[0]) // 3}" if meridian in MERIDIANS else ""


def prefixed_zone(zone: int) -> str:
    """Return the CGCS2000 zone with a prefixed number: 25 to 45 of 3 degrees, 13 to 23 of 6; else ''."""
    if zone in THREE_DEGREE:
        return f"EPSG:{4513 + zone - THREE_DEGREE[0]}"
    return f"EPSG:{4491 + zone - SIX_DEGREE[0]}" if zone in SIX_DEGREE else ""


def planning_crs(place: Point) -> str:
    """Return the recommended projected CRS at a location: the CGCS2000 3-degree zone in China, else the UTM zone."""
    if within((*place, *place), CHINA):
        return three_degree(min(MERIDIANS, key=lambda meridian: abs(meridian - place[0])))
    return utm(place[0], south=place[1] < 0)


def areal_scale(crs: CRS, place: Point) -> float:
    """Return the areal scale factor of a CRS at a longitude and latitude [-]."""
    return float(Proj(crs).get_factors(*place).areal_scale)


def utm(longitude: float, *, south: bool = False) -> str:
    """Return the UTM zone of WGS 84 that holds a longitude."""
    return f"EPSG:{(32700 if south else 32600) + min(60, math.floor((longitude + 180) / 6) + 1)}"


def candidates(bounds: Bounds, near: Point | None = None) -> tuple[str, ...]:
    """Return possible CRS of coordinates, as 'EPSG:4549 (120E)', the likeliest first.

    Eastings of eight digits include the zone number; those of six digits fit every
    central meridian: those from 102 E to 123 E are listed, where most cities of China
    lie, or, with a reference point `near` (longitude and latitude), those nearest to it.
    """
    west, _, east, _ = bounds
    if within(bounds, DEGREES):
        return ("EPSG:4490", "EPSG:4326")
    zone = math.floor(west / ZONE_UNIT)
    if zone == math.floor(east / ZONE_UNIT) and (likely := prefixed_zone(zone)):
        return (f"{likely} ({3 * zone if zone in THREE_DEGREE else 6 * zone - 3}E)",)
    if within(bounds, WEB):
        return (f"{WEB_MERCATOR} (web Mercator)",)
    if near is not None and within(bounds, PROJECTED):
        return _nearest(bounds, near)
    if not within(bounds, SIX_DIGITS):
        return ()
    return tuple(f"{three_degree(meridian)} ({meridian}E)" for meridian in MERIDIANS if meridian in CITIES)


def _nearest(bounds: Bounds, near: Point) -> tuple[str, ...]:
    """Return the zones that put the centre of the bounds nearest to a point, within 300 km of it."""
    codes = {f"{three_degree(meridian)} ({meridian}E)": three_degree(meridian) for meridian in MERIDIANS}
    for longitude in (near[0] - 6, near[0], near[0] + 6):
        code = utm(longitude, south=near[1] < 0)
        codes[f"{code} (UTM {code[-2:]})"] = code
    middle = centre(bounds)
    distances = {label: great_circle_distance(lonlat(middle, code), near) for label, code in codes.items()}
    return tuple(
        label
        for label in sorted(distances, key=lambda each: distances[each])[:MOST_NEAR]
        if distances[label] < FARTHEST
    )


def centre(bounds: Bounds) -> Point:
    """Return the centre of bounds; degrees from one end of the map to the other are of a place across 180°."""
    west, south, east, north = bounds
    if within(bounds, DEGREES) and east - west > ACROSS and north - south < LOW:
        return (west + east + 360.0) / 2 - (360.0 if west + east > 0.0 else 0.0), (south + north) / 2
    return (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2


def lonlat(point: Point, crs: str) -> Point:
    """Return a point of a CRS as longitude and latitude [degree], infinite outside its domain."""
    longitude, latitude = _to_degrees(crs).transform(*point)
    return float(longitude), float(latitude)


@cache
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(crs, 4326, always_xy=True)


def great_circle_distance(one: Point, other: Point) -> float:
    """Return the great-circle distance on a sphere of 6 371 km [km], infinite where a point is not finite."""
    if not all(math.isfinite(number) for number in (*one, *other)):
        return math.inf
    (east, north), (east2, north2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    chord = (
        math.sin((north2 - north) / 2) ** 2
        + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    )  # fmt: skip
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(chord)))


def within(inner: Bounds, outer: Bounds) -> bool:
    """Tell whether the inner bounds lie inside the outer ones."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def swap_axes(bounds: Bounds) -> Bounds:
    """Return bounds with x and y swapped."""
    return bounds[1], bounds[0], bounds[3], bounds[2]


def hull(points: Iterable[Point]) -> Bounds:
    """Return the bounds of points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
