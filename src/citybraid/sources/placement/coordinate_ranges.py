"""Coordinates impossible in their CRS: degrees for metres, swapped axes, missing or extra zone numbers.

Each case is certain from the coordinates alone and is refused with a suggested fix:
otherwise the shapes would be placed on another continent.
"""

from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.placement.zones import (
    DEGREES,
    SIX_DIGITS,
    ZONE_UNIT,
    Zone,
    candidates,
    prefixed_zone,
    swap_axes,
    three_degree,
    within,
    zone_of,
)
from citybraid.sources.protocol.target import Bounds

SMALL = 20.0
"""Span in degrees that no plan reaches, but a drawing in metres near its origin soon does."""
NEAR = 20.0
"""Distance in degrees from where a CRS is used at which a file whose CRS is a mistake may still lie."""
WIDE = 0.25
"""Pixel in degrees, 28 km, that no raster of a plan has, but a plain grid in metres near its origin does."""
NORTHERN = (1e6, 6.2e6)
"""Northings between the equator and the north of China [m]."""


CHINESE = (1.8e6, 6.0e6)
"""Northings of China, from the south of Hainan to the Amur [m]."""


def require_possible_coordinates(crs: CRS, bounds: Bounds, *, name: str, pixel: float = 0.0) -> None:
    """Raise InputError where coordinates are impossible in the CRS, with their probable CRS.

    `pixel` is the larger side of a raster's pixels, in the units of the coordinates.
    """
    if crs.is_geographic:
        _check_geographic(bounds, crs.name, name)
    elif crs.is_projected:
        _check_projected(bounds, crs, name, pixel)


def _check_geographic(bounds: Bounds, crs: str, name: str) -> None:
    if within(bounds, (-360.0, -90.0, 360.0, 90.0)):
        return
    values = _values(bounds, crs, name)
    if within(swap_axes(bounds), DEGREES):
        raise InputError("intake.axes_swapped_degrees", **values)
    raise InputError("intake.metres_in_degrees", candidates=candidates(bounds) or ("EPSG:4549",), **values)


def _check_projected(bounds: Bounds, crs: CRS, name: str, pixel: float) -> None:
    values = _values(bounds, crs.name, name)
    if pixel < WIDE and _are_degrees(bounds, crs):
        raise InputError("intake.degrees_in_metres", **values)
    if pixel < WIDE and _are_degrees(swap_axes(bounds), crs):
        raise InputError("intake.degrees_in_metres_swapped", **values)
    zone = zone_of(crs)
    if zone is not None:
        _check_zone(bounds, zone, values)


def _are_degrees(bounds: Bounds, crs: CRS) -> bool:
    """Tell whether numbers are longitudes and latitudes of a plan near where a CRS in metres is used.

    A plain grid or drawing of some metres by its origin, as of a published case, lies nowhere near.
    """
    west, south, east, north = bounds
    if max(east - west, north - south) >= SMALL or not within(bounds, DEGREES) or max(map(abs, bounds)) <= 1:
        return False
    used = crs.area_of_use
    if used is None or used.west > used.east:
        return True
    around = (used.west - NEAR, used.south - NEAR, used.east + NEAR, used.north + NEAR)
    return within(bounds, around)


def _check_zone(bounds: Bounds, zone: Zone, values: dict[str, object]) -> None:
    """Check eastings and northings of a transverse Mercator: swapped axes, extra or missing zone number."""
    west, south, east, north = bounds
    prefix = int(west // ZONE_UNIT)
    if _is_northing(west, east) and (_is_easting(south, north) or prefixed_zone(int(south // ZONE_UNIT))):
        raise InputError("intake.axes_swapped_metres", **values)
    if not _is_northing(south, north):
        return
    if not zone.prefixed and prefix == int(east // ZONE_UNIT) and (likely := prefixed_zone(prefix)):
        raise InputError("intake.zone_extra", prefix=prefix, likely=likely, **values)
    if zone.prefixed and _is_easting(west, east) and (likely := three_degree(zone.meridian)):
        raise InputError("intake.zone_lacking", likely=likely, **values)


def northing_first(first: float, second: float) -> bool:
    """Tell whether two coordinates in metres are a northing and an easting of China, as surveyors write X before Y."""
    prefixed = bool(prefixed_zone(int(second // ZONE_UNIT)))
    return CHINESE[0] <= first <= CHINESE[1] and (_is_easting(second, second) or prefixed)


def _is_easting(low: float, high: float) -> bool:
    return SIX_DIGITS[0] <= low and high <= SIX_DIGITS[2]


def _is_northing(low: float, high: float) -> bool:
    return NORTHERN[0] <= low and high <= NORTHERN[1]


def _values(bounds: Bounds, crs: str, name: str) -> dict[str, object]:
    west, south, east, north = bounds
    return {"name": name, "crs": crs, "west": west, "south": south, "east": east, "north": north}
