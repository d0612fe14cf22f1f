"""Terrain of the synthetic town: nearly flat, with canals, road crowns, low blocks and underpasses."""

import numpy as np
from shapely import unary_union
from shapely.geometry import Point

from citybraid.sources.synthetic.frame import STATION, bend, generator
from citybraid.sources.synthetic.parcels import Parcel
from citybraid.sources.synthetic.raster import Floats, distance, inside, pixel_centres, rasterized, smooth, waves
from citybraid.sources.synthetic.streets import UNDERPASSES, Street, street_surface
from citybraid.sources.synthetic.waters import Network

WATER_LEVEL = 1.1
"""Water surface of the canals [m]; of the order of the plain's normal level, chosen for this town."""
UNDERPASS_LEVEL = 1.5
"""Lowest point of the streets under the railway [m]."""
NEAR = 25.0
"""Distance from a low site within which a parcel is low [m]."""
LOW_SITES = ((1690.0, 620.0), (930.0, 900.0), (330.0, 640.0), (1200.0, 1460.0), (810.0, 1600.0))
"""Blocks left low when the streets around them were raised."""


def _plain(seed: int) -> Floats:
    """The ground before building: 2.3 to 3.3 m, highest at the station."""
    x, y = pixel_centres()
    rise = np.exp(-(((x - STATION[0]) ** 2 + (y - STATION[1] - 150.0) ** 2) / 700.0**2))
    return 2.55 + 0.7 * rise + 0.16 * waves(generator(seed, 20), 220.0)


def _with_platforms(parcels: tuple[Parcel, ...], plain: Floats) -> Floats:
    """Add the parcels' fill relative to the streets around them [m]: new ones above, old and low ones below."""
    offset = {"old": -0.42, "grown": 0.10, "new": 0.16, "planned": -0.12}
    fill = {"0101": -0.55, "0703": -0.50, "1401": -0.15, "1402": -0.10, "1201": 0.30, "120801": 0.20, "16": -0.35}
    numbers = rasterized((parcel.shape, k + 1) for k, parcel in enumerate(parcels))
    low = [Point(*bend(x, y)) for x, y in LOW_SITES]
    heights = [0.0]
    for parcel in parcels:
        height = fill.get(parcel.code, offset[parcel.era])
        if any(parcel.shape.distance(site) < NEAR for site in low):
            height = -0.55
        heights.append(height)
    edge_distance = distance(numbers == 0)
    # Ground slopes from the street's level to the parcel's own over 8 m.
    level: Floats = plain + np.asarray(heights, np.float64)[numbers] * np.clip(edge_distance / 8.0, 0.0, 1.0)
    return level


def _lower_underpasses(ground: Floats, pieces: tuple[Street, ...]) -> Floats:
    """Lower the streets at the underpasses below the railway, with ramps of 60 m."""
    for at in UNDERPASSES:
        bottom = Point(*bend(at, 340.0))
        line = unary_union([piece.line for piece in pieces if piece.line.distance(bottom) < 1.0])
        lane = inside(line.buffer(11.0, cap_style="flat") & bottom.buffer(100.0))
        x, y = pixel_centres()
        bottom_distance = np.hypot(x - bottom.x, y - bottom.y)
        ramp = UNDERPASS_LEVEL + np.clip((bottom_distance - 26.0) / 60.0, 0.0, 1.0) * (ground - UNDERPASS_LEVEL)
        ground = np.where(lane, np.minimum(ground, ramp), ground)
    return ground


def terrain(seed: int, parcels: tuple[Parcel, ...], pieces: tuple[Street, ...], ground: Network) -> Floats:
    """Bare-earth elevation without bridges [m], to the centimetre."""
    surface = street_surface(pieces)
    plain = _plain(seed)
    streets = smooth(plain, 60.0) + 0.18
    level = np.where(inside(surface), streets, _with_platforms(parcels, streets))
    crown = rasterized((piece.line.buffer(piece.width / 2 - 3.0, cap_style="flat"), 1) for piece in pieces) == 1
    level = level + 0.10 * np.clip(distance(~crown) / 8.0, 0.0, 1.0)
    level = smooth(level, 2.0) + 0.02 * waves(generator(seed, 21), 6.0)
    level = _lower_underpasses(level, pieces)
    water = inside(ground.water)
    bank = np.clip(distance(water) / 9.0, 0.0, 1.0)
    level = WATER_LEVEL + 0.5 * (distance(water) > 0.0) + (level - WATER_LEVEL - 0.5 * (distance(water) > 0.0)) * bank
    return np.asarray(np.round(np.where(water, WATER_LEVEL, level), 2), np.float64)
