"""Parcels of the synthetic town: blocks between streets and canals, cut into lots."""

from typing import NamedTuple

import numpy as np
from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.frame import DOMAIN, generator, polygons, street_angle
from citybraid.sources.synthetic.waters import Network
from citybraid.sources.synthetic.zoning import SITES, Controls, Zone, controls, nearest, platform, zone_at

NARROWEST = 16.0
"""Width below which remaining land makes no block [m]."""


class Parcel(NamedTuple):
    """One parcel of the detailed plan, in local metres."""

    number: str
    code: str
    shape: Polygon
    controls: Controls | None
    built: bool
    era: str


def _halves(lot: Polygon, share: float) -> list[Polygon]:
    """Cut a lot in two across its longer side, aligned with the streets."""
    centre = lot.centroid
    angle = street_angle(centre.x, centre.y)
    level = affinity.rotate(lot, -angle, origin=centre)
    west, south, east, north = level.bounds
    if east - west >= north - south:
        at = west + (east - west) * share
        sides = (box(west, south, at, north), box(at, south, east, north))
    else:
        at = south + (north - south) * share
        sides = (box(west, south, east, at), box(west, at, east, north))
    return [part for side in sides for part in polygons(affinity.rotate(level & side, angle, origin=centre), 250.0)]


def _lots(block: Polygon, largest: float, random: np.random.Generator) -> list[Polygon]:
    """Cut a block until no lot is larger than `largest` [m2]."""
    if block.area <= largest:
        return [block]
    cut = _halves(block, 0.42 + 0.16 * float(random.random()))
    if len(cut) == 1:
        return [block]
    return [lot for half in cut for lot in _lots(half, largest, random)]


def _pick(zone: Zone, chance: float) -> str:
    """A land use of the zone, sampled by share."""
    total = 0.0
    for code, share in zone.codes:
        total += share
        if chance < total:
            return code
    return zone.codes[-1][0]


def _strips(ground: Network, roads: BaseGeometry) -> list[tuple[str, Polygon]]:
    """Water, rail, and the green along them, cut by the streets."""
    station = platform()
    free = DOMAIN - roads
    kinds = (
        ("1701", ground.water - roads, 300.0),
        ("1201", ground.railway - station - ground.water - roads, 500.0),
        ("1402", (ground.rail_green & free) - ground.railway - ground.water - station, 400.0),
        ("1401", (ground.bank & free) - ground.water - ground.rail_green - station, 350.0),
    )
    return [(code, part) for code, shape, least in kinds for part in polygons(shape, least)]


def _is_built(parcel_code: str, era: str, chance: float) -> bool:
    if parcel_code == "16":
        return False
    if parcel_code in ("0101", "1201", "1701", "1402", "120801", "1403"):
        return True
    share = {"old": 1.0, "grown": 0.96, "new": 0.9, "planned": 0.44}[era]
    return chance < share


def parcels(seed: int, ground: Network, roads: BaseGeometry) -> tuple[Parcel, ...]:
    """All parcels, numbered from south-west to north-east within 16 sheets."""
    random = generator(seed, 1)
    strips = _strips(ground, roads)
    station = platform() - roads
    buildable = polygons(DOMAIN - roads - ground.bank - ground.rail_green - station, 900.0)
    blocks = [block for block in buildable if not block.buffer(-NARROWEST / 2).is_empty]
    lots = [lot for block in blocks for lot in _lots(block, zone_at(block.centroid.x, block.centroid.y).lot, random)]
    codes = [_pick(zone_at(lot.centroid.x, lot.centroid.y), float(random.random())) for lot in lots]
    for code, x, y in SITES:
        codes[nearest(lots, x, y)] = code
    station_parcels = [("120801", part) for part in polygons(station, 1000.0)]
    raw_parcels = station_parcels + strips + list(zip(codes, lots, strict=True))
    return _numbered(raw_parcels, random)


def _numbered(raw_parcels: list[tuple[str, Polygon]], random: np.random.Generator) -> tuple[Parcel, ...]:
    count: dict[tuple[int, int], int] = {}
    numbered: list[Parcel] = []
    for code, raw in raw_parcels:
        shape = Polygon(np.round(np.asarray(raw.exterior.coords), 2))
        middle = shape.representative_point()
        sheet = (min(3, int(middle.y // 500.0)) + 1, min(3, int(middle.x // 500.0)) + 1)
        count[sheet] = count.get(sheet, 0) + 1
        era = zone_at(shape.centroid.x, shape.centroid.y).era
        wobble, chance = random.random(2)
        numbered.append(
            Parcel(
                number=f"HC{sheet[0]}{sheet[1]}-{count[sheet]:02d}",
                code=code,
                shape=shape,
                controls=controls(code, middle, float(wobble)),
                built=_is_built(code, era, float(chance)),
                era=era,
            )
        )
    return tuple(numbered)
