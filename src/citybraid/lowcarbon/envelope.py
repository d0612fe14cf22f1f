"""Building envelopes: areas from footprint and height, U-values and leaks from the applicable standard."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.land.footprint_edges import footprint_edges
from citybraid.core.var import Factors
from citybraid.lowcarbon.climate import AZIMUTHS
from citybraid.lowcarbon.rows import first_match, rows_with_prefix, zones

Array = NDArray[np.float64]

AS_BUILT = "as_built"
PARTIAL = "renewed_"
"""Begin of the names of packages that renew parts of an envelope; the rest stays as built."""
PROPERTIES = ("wall", "roof", "window", "solar_gain", "airtightness")
TESTED = "airtightness_tested"
"""Row of air changes at 50 Pa that were measured, or that a test has to show, of a whole building of any size [h-1]."""


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
    """Air changes at 50 Pa [h-1]: those of a category for small buildings, or of a test."""
    tested: Array
    """1 where `leak` is that of a test, which holds at any size, else 0."""


class Leaks(NamedTuple):
    """Air changes through leaks in the usual wind [h-1]."""

    own: Array
    """Of each building."""
    standard: Array
    """Of the same building, were it as tight as the standard takes buildings."""


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
    sides = footprint_edges(buildings.geometry, sides=len(AZIMUTHS)).by_side(area.size, len(AZIMUTHS))
    height = buildings["height"].to_numpy(dtype=np.float64)
    return Shape(sides * height[:, None], area, sides.sum(axis=1))


def air_leaks(shape: Shape, envelope: Envelope, *, height: Array, physics: Factors) -> Leaks:
    """Return what each building exchanges with outdoors through its leaks.

    DIN V 18599-2:2011, 6.3.1.2 and table 6: categories of airtightness have air changes n50 up to `leak_volume` of air
    [m3]; larger buildings have q50, `leak_depth` times n50 [m3 h-1 m-2], and n50 = q50 A_E / V with the outer surface
    A_E (walls, roof and ground floor) and the air volume V, that of the prism. The standard has a step there and so
    have we. Air changes of a test are not converted.
    """
    volume = shape.footprint * height
    surface = shape.walls.sum(axis=1) + 2 * shape.footprint
    by_surface = physics["leak_depth"] * surface / np.maximum(volume, 1e-9)
    scale = np.where(volume > physics["leak_volume"], by_surface, 1.0)
    exposed = physics["wind_exposure"]
    own = np.where(envelope.tested > 0, envelope.leak, envelope.leak * scale) * exposed
    return Leaks(own, physics["standard_airtightness"] * scale * exposed)


def roof_absorptance(buildings: pd.DataFrame, physics: Factors) -> Array:
    """Return the share of the sun that each roof absorbs: its reflective part and the rest by their areas [-]."""
    plain = physics["roof_absorptance"]
    if "cool_roof" not in buildings:
        return np.full(len(buildings), plain)
    cool = np.nan_to_num(buildings["cool_roof"].to_numpy(dtype=np.float64))
    return np.asarray(plain + cool * (physics["cool_roof_absorptance"] - plain), dtype=np.float64)


def standard_of(kind: str, zone: str, year: float, since: Factors) -> str:
    """Return the standard in force for a kind of building in its year of completion; else raise InputError."""
    for place in zones(zone):
        in_force = {name: start for name, start in rows_with_prefix(since, f"{kind}/{place}/").items() if start <= year}
        if in_force:
            return max(in_force, key=lambda name: in_force[name])
    raise InputError("factor.key_missing", factor="standard_since", key=f"{kind}/{zone}/")


class StandardsInForce:
    """Standards by kind of building and year of completion in one climate zone; each is looked up once."""

    def __init__(self, zone: str, since: Factors) -> None:
        self._zone, self._since = zone, since
        self._known: dict[tuple[str, float], str] = {}

    def __call__(self, kind: str, year: float) -> str:
        """Return the standard in force; raises InputError where none is."""
        if (kind, year) not in self._known:
            self._known[kind, year] = standard_of(kind, self._zone, year, self._since)
        return self._known[kind, year]


def envelopes(buildings: gpd.GeoDataFrame, *, zone: str, since: Factors, envelope: Factors) -> Envelope:
    """Return each building's envelope by use, year of completion and, where renovated, its standard.

    A package named `renewed_...` has rows of what it renews; the rest is of the standard of the year of completion.
    Raises InputError for a standard or package that has no row in the climate zone.
    """
    properties: dict[tuple[str, ...], tuple[float, ...]] = {}
    in_force = StandardsInForce(zone, since)
    rows = []
    columns = (buildings["building_use"], buildings["year_built"], buildings["envelope_standard"])
    for use, year, stated in zip(*columns, strict=True):
        kind, partial = kind_of(str(use)), str(stated).startswith(PARTIAL)
        built = in_force(kind, float(year)) if partial or stated == AS_BUILT else str(stated)
        names = (str(stated), built) if partial else (built,)
        if (kind, *names) not in properties:
            properties[kind, *names] = _properties(kind, names, zone=zone, envelope=envelope)
        rows.append(properties[kind, *names])
    return Envelope(*np.array(rows, dtype=np.float64).reshape(-1, len(Envelope._fields)).T)


def _properties(kind: str, names: tuple[str, ...], *, zone: str, envelope: Factors) -> tuple[float, ...]:
    """Return the fields of an Envelope by the first of some standards that has each; the first must have one at least.

    Where a standard has a tested airtightness, that goes before its category.
    """
    heads = [[f"{kind}/{name}/{place}" for place in zones(zone)] for name in names]
    if not any(f"{head}/{name}" in envelope for head in heads[0] for name in (*PROPERTIES, TESTED)):
        raise InputError("factor.key_missing", factor="envelope", key=f"{heads[0][0]}/{PROPERTIES[0]}")
    every = [head for each in heads for head in each]
    keys = {name: [f"{head}/{name}" for head in every] for name in PROPERTIES}
    keys["airtightness"] = [f"{head}/{name}" for head in every for name in (TESTED, "airtightness")]
    tight = next((key for key in keys["airtightness"] if key in envelope), "")
    return *(first_match(envelope, each, factor="envelope") for each in keys.values()), float(tight.endswith(TESTED))
