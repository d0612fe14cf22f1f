"""Climate zone of buildings at a location in China, guessed from the nearest city of a list."""

from dataclasses import dataclass

import numpy as np

from citybraid.core.rows.knowledge import ClimateZonePlace
from citybraid.core.tables import read_table
from citybraid.sources.placement.regions import EARTH, on_sphere, region_at
from citybraid.sources.placement.zones import Point

COUNTRY = "CN"
"""The country whose standard the zones are of."""
FARTHEST = 400.0
"""Distance to the nearest city of the list beyond which no zone is guessed [km]."""


@dataclass(frozen=True)
class ClimateZoneGuess:
    """The zone of the nearest city, its name and distance [km], and the zone of the nearest city of another zone."""

    zone: str
    city: str
    distance: float
    other: str
    other_city: str
    other_distance: float


def climate_zone_at(place: Point) -> ClimateZoneGuess | None:
    """Return the climate zone of buildings at a longitude and latitude; None outside China or far from any city."""
    region = region_at(place)
    if region is None or region.region.partition("-")[0] != COUNTRY:
        return None
    rows = list(read_table(ClimateZonePlace))
    cities = on_sphere([(row.longitude, row.latitude) for row in rows])
    chord = np.linalg.norm(cities - on_sphere([place]), axis=1)
    distance = EARTH * 2 * np.arcsin(np.minimum(chord / 2, 1.0))
    order = np.argsort(distance, kind="stable")
    nearest = int(order[0])
    other = next(int(at) for at in order if rows[at].zone != rows[nearest].zone)
    if distance[nearest] > FARTHEST:
        return None
    return ClimateZoneGuess(
        rows[nearest].zone, rows[nearest].city, float(distance[nearest]),
        rows[other].zone, rows[other].city, float(distance[other]),
    )  # fmt: skip
