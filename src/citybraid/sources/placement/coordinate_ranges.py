"""Numbers that cannot lie in the CRS they are said to be in: degrees for metres, axes swapped, zones cut off or added.

Each is certain from the numbers alone and is refused with the words that mend it:
read on, the shapes would stand on another continent.
"""

from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.placement.zones import (
    DEGREES,
    SIX_DIGITS,
    ZONE_UNIT,
    Zone,
    candidates,
    numbered,
    three_degree,
    turned,
    within,
    zone_of,
)
from citybraid.sources.protocol.target import Bounds

SMALL = 20.0
"""Degrees that a plan never spans; a drawing in metres near its own origin soon does."""
NORTHERN = (1e6, 6.2e6)
"""Northings between the equator and the north of China [m]."""


def refuse_impossible(crs: CRS, bounds: Bounds, *, name: str) -> None:
    """Raise InputError where coordinates cannot lie in the CRS, with what they probably are."""
    if crs.is_geographic:
        _in_degrees(bounds, crs.name, name)
    elif crs.is_projected:
        _in_metres(bounds, crs, name)


def _in_degrees(bounds: Bounds, crs: str, name: str) -> None:
    if within(bounds, (-360.0, -90.0, 360.0, 90.0)):
        return
    values = _told(bounds, crs, name)
    if within(turned(bounds), DEGREES):
        raise InputError("intake.axes_swapped_degrees", **values)
    raise InputError("intake.metres_in_degrees", candidates=candidates(bounds) or ("EPSG:4549",), **values)


def _in_metres(bounds: Bounds, crs: CRS, name: str) -> None:
    values = _told(bounds, crs.name, name)
    span = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    if span < SMALL and within(bounds, DEGREES) and max(abs(edge) for edge in bounds) > 1:
        raise InputError("intake.degrees_in_metres", **values)
    if span < SMALL and within(turned(bounds), DEGREES) and max(abs(edge) for edge in bounds) > 1:
        raise InputError("intake.degrees_in_metres_swapped", **values)
    zone = zone_of(crs)
    if zone is not None:
        _in_zone(bounds, zone, values)


def _in_zone(bounds: Bounds, zone: Zone, values: dict[str, object]) -> None:
    """What a transverse Mercator's eastings and northings say: turned about, or with or without the zone."""
    west, south, east, north = bounds
    prefix = int(west // ZONE_UNIT)
    if _northing(west, east) and (_easting(south, north) or numbered(int(south // ZONE_UNIT))):
        raise InputError("intake.axes_swapped_metres", **values)
    if not _northing(south, north):
        return
    if not zone.prefixed and prefix == int(east // ZONE_UNIT) and (likely := numbered(prefix)):
        raise InputError("intake.zone_extra", prefix=prefix, likely=likely, **values)
    if zone.prefixed and _easting(west, east) and (likely := three_degree(zone.meridian)):
        raise InputError("intake.zone_lacking", likely=likely, **values)


def _easting(low: float, high: float) -> bool:
    return SIX_DIGITS[0] <= low and high <= SIX_DIGITS[2]


def _northing(low: float, high: float) -> bool:
    return NORTHERN[0] <= low and high <= NORTHERN[1]


def _told(bounds: Bounds, crs: str, name: str) -> dict[str, object]:
    west, south, east, north = bounds
    return {"name": name, "crs": crs, "west": west, "south": south, "east": east, "north": north}
