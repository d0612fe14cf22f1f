"""Building envelopes: areas from footprint and height, U-values from the applicable standard."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.lowcarbon.climate import AZIMUTHS
from citybraid.lowcarbon.horizon import outlines
from citybraid.lowcarbon.rows import first_match, rows_with_prefix, zones

Array = NDArray[np.float64]

AS_BUILT = "as_built"
PROPERTIES = ("wall", "roof", "window", "solar_gain", "airtightness")


class Shape(NamedTuple):
    """External surfaces of each building [m2]."""

    walls: Array
    """Facade area by orientation, windows included; (buildings, 8)."""
    footprint: Array
    """Roof, and floor on the ground."""
    perimeter: Array
    """Length of the outline [m]."""


class Envelope(NamedTuple):
    """Properties of each building's envelope."""

    wall: Array
    """Thermal transmittance of walls [W m-2 K-1]."""
    roof: Array
    """Thermal transmittance of the roof [W m-2 K-1]."""
    window: Array
    """Thermal transmittance of windows [W m-2 K-1]."""
    gain: Array
    """Solar heat gain coefficient of whole windows at normal incidence [-]."""
    leak: Array
    """Air changes at 50 Pa [h-1]."""


def kind_of(use: str) -> str:
    """Return the kind of standard that applies to a use: residential or public."""
    return "residential" if use == "residential" else "public"


def shapes(buildings: gpd.GeoDataFrame) -> Shape:
    """Return the external surfaces of buildings as prisms of their footprint and height.

    Walls are assigned to eight orientations by the outward normal of each outline edge; courtyards count.
    Raises InputError for a building without a footprint.
    """
    area = buildings.geometry.area.to_numpy(dtype=np.float64)
    if bare := int((~(area > 0)).sum()):
        raise InputError("energy.footprint", count=bare, first=str(buildings.index[~(area > 0)][0]))
    outline = outlines(buildings)
    sides = np.zeros((area.size, len(AZIMUTHS)))
    np.add.at(sides, (outline.building, outline.facing), outline.length)
    height = buildings["height"].to_numpy(dtype=np.float64)
    return Shape(sides * height[:, None], area, sides.sum(axis=1))


def standard_of(kind: str, zone: str, year: float, since: Factors) -> str:
    """Return the standard in force for a kind of building in its year of completion; else raise InputError."""
    for place in zones(zone):
        in_force = {name: start for name, start in rows_with_prefix(since, f"{kind}/{place}/").items() if start <= year}
        if in_force:
            return max(in_force, key=lambda name: in_force[name])
    raise InputError("factor.key_missing", factor="standard_since", key=f"{kind}/{zone}/")


def envelopes(buildings: gpd.GeoDataFrame, *, zone: str, since: Factors, envelope: Factors) -> Envelope:
    """Return each building's envelope by use, year of completion and, where renovated, its standard.

    Raises InputError for a standard that has no row in the climate zone.
    """
    properties: dict[tuple[str, str], tuple[float, ...]] = {}
    rows = []
    columns = (buildings["building_use"], buildings["year_built"], buildings["envelope_standard"])
    for use, year, stated in zip(*columns, strict=True):
        kind = kind_of(str(use))
        standard = standard_of(kind, zone, float(year), since) if stated == AS_BUILT else str(stated)
        if (kind, standard) not in properties:
            heads = [f"{kind}/{standard}/{place}" for place in zones(zone)]
            properties[kind, standard] = tuple(
                first_match(envelope, [f"{head}/{name}" for head in heads], factor="envelope") for name in PROPERTIES
            )
        rows.append(properties[kind, standard])
    return Envelope(*np.array(rows, dtype=np.float64).reshape(-1, len(PROPERTIES)).T)
