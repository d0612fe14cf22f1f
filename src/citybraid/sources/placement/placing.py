"""What a planner must know of how each file was placed: by whose word, over which datum, in which unit."""

from collections.abc import Sequence
from functools import cache

from pyproj import CRS
from pyproj.transformer import TransformerGroup

from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import datum_row, parsed, same
from citybraid.sources.placement.elsewhere import shown
from citybraid.sources.placement.placed_sheet import Placed
from citybraid.sources.placement.zones import DEGREES, UTM_SCALE, apart, centre, lonlat, within, zone_of
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.target import Target

TOLD = 5.0
"""Accuracy of a change of datum from which it is told [m]."""
NOTHING = 0.0005
"""Distance below which two statements mean the same coordinates, whatever their wording [km]."""
METRE = frozenset({"metre", "meter", "degree"})


def noticed(placings: Sequence[Placed], target: Target) -> list[Finding]:
    """Return what is to be known of each file's CRS, and of their mixture."""
    wanted = parsed(target.crs, name="crs")
    found: list[Finding] = []
    for placed in placings:
        found += _of_one(placed, wanted)
    return [*found, *_mixture(placings, target)]


def _of_one(placed: Placed, wanted: CRS) -> list[Finding]:
    layer, count, position = placed.layer, placed.items, placed.position
    if position.datum:
        told = {"name": position.name, "datum": position.datum, "metres": round(position.moved, 1)}
        return [Finding("found", "intake.datum_converted", layer, count, told)]
    crs = CRS.from_wkt(position.crs)
    unit = crs.axis_info[0].unit_name if crs.axis_info else "metre"
    feet = {"name": position.name, "source": crs.name, "unit": unit}
    return [
        *_contradicted(layer, position, crs),
        *([Finding("found", "intake.crs_in_feet", layer, count, feet)] if unit.casefold() not in METRE else []),
        *_accuracy(layer, position.name, crs, wanted),
    ]


def _contradicted(table: str, position: Position, crs: CRS) -> list[Finding]:
    """The study's word against the file's own; a format that always says WGS 84 is not believed over metres."""
    if not position.named or not position.stated:
        return []
    stated = CRS.from_wkt(position.stated)
    if same(stated, crs) or (stated.is_geographic and not within(position.bounds, DEGREES)):
        return []
    middle = centre(position.bounds)
    kilometres = apart(lonlat(middle, position.crs), lonlat(middle, position.stated))
    if kilometres < NOTHING:
        return []
    values = {"name": position.name, "named": shown(crs), "stated": shown(stated), "kilometres": kilometres}
    return [Finding("advice", "intake.crs_contradicts", table, 1, values)]


def _accuracy(table: str, name: str, crs: CRS, wanted: CRS) -> list[Finding]:
    """How far a file can be off because the change of its datum is not known well."""
    values = {"name": name, "source": crs.name, "target": wanted.name}
    known = [datum_row(each) for each in (crs, wanted)]
    rows = [row for row in known if row is not None]
    if len({row.word for row in rows}) == 1 and len(rows) == len(known):
        return []
    if len(rows) == len(known):
        worst = max(rows, key=lambda row: row.metres or 0.0)
        apart_by = worst.metres or 0.0
        if apart_by < TOLD:
            return []
        text = "intake.crs_accuracy" if worst.status == "derived" else "intake.crs_accuracy_rough"
        return [Finding("advice", text, table, 1, {**values, "metres": apart_by})]
    metres = _stated_accuracy(crs.to_wkt(), wanted.to_wkt())
    if metres is None:
        return [Finding("advice", "intake.crs_accuracy_unknown", table, 1, values)]
    return []


@cache
def _stated_accuracy(source: str, target: str) -> float | None:
    """The accuracy that PROJ states for its best transformation at hand [m], None where it knows none."""
    one, other = CRS.from_wkt(source), CRS.from_wkt(target)
    base, wanted = one.geodetic_crs, other.geodetic_crs
    if base is not None and wanted is not None and same(base, wanted):
        return 0.0
    best = TransformerGroup(one, other, always_xy=True).transformers
    return float(best[0].accuracy) if best and best[0].accuracy >= 0 else None


def _mixture(placings: Sequence[Placed], target: Target) -> list[Finding]:
    """UTM beside zones of CGCS2000 among the files of one study."""
    utm: list[str] = []
    zones: list[str] = []
    for placed in placings:
        crs = CRS.from_wkt(placed.position.crs)
        zone = zone_of(crs)
        if zone is not None and not placed.position.datum:
            (utm if zone.scale == UTM_SCALE else zones).append(f"{placed.position.name} {shown(crs)}")
    if not utm or not zones:
        return []
    values = {"utm": sorted(set(utm))[:4], "zones": sorted(set(zones))[:4], "target": target.crs[:60]}
    return [Finding("advice", "intake.crs_mixture", "study", len(utm), values)]
