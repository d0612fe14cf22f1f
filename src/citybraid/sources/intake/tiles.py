"""Rasters of one quantity that lie side by side: joined to one layer, and told from two versions of one place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from citybraid.core.errors import PlanError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Slot, layer_key
from citybraid.sources.protocol.reading import Reading, SourceLayer, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.raster.mosaic import are_tiles, covers, mosaic

OUTSIDE = frozenset({"intake.raster_elsewhere", "intake.raster_void"})
"""Refusals of a raster without a value on the plan area: of several tiles some may lie beside it."""


def tile_outside(fault: PlanError, role: str, read: Iterable[str]) -> Reading | None:
    """Return what a tile beside the plan area brings, a finding alone; None where another fault refused it.

    `read` names the roles of which another file has values there: a raster that is alone is refused.
    """
    if fault.text not in OUTSIDE or role not in set(read):
        return None
    return Reading((), (Finding("advice", "intake.tile_outside", role, 1, {"name": fault.values["name"]}),))


def with_tiles_joined(readings: Sequence[Reading], target: Target) -> list[Reading]:
    """Return readings with the rasters of one quantity that lie side by side as one layer.

    Two rasters of the same place stay two, which `merged` refuses; so do counts, of which tiles with a common rim
    would count it twice.
    """
    places: dict[Slot, list[SourceLayer]] = {}
    for reading in readings:
        lead = next((layer for layer in reading.layers if layer.position is not None), None)
        for layer in reading.layers:
            if layer.grid is not None and layer.var.coarsen != "sum" and lead is not None:
                placed = layer if layer.position else replace(layer, position=lead.position)
                places.setdefault(layer_key(layer), []).append(placed)
    joined, made = set[Slot](), list[Reading]()
    told_groups = set[frozenset[str]]()
    for key, parts in places.items():
        extents = [covers(part, target) for part in parts]
        if len(parts) == 1 or not are_tiles(extents):
            continue
        whole = mosaic(parts, extents)
        joined.add(key)
        files = frozenset(part.position.name for part in parts if part.position)
        made.append(Reading((whole.layer,), () if files in told_groups else whole.findings))
        told_groups.add(files)
    if not joined:
        return list(readings)
    rest = [
        replace(reading, layers=tuple(layer for layer in reading.layers if layer_key(layer) not in joined))
        for reading in readings
    ]
    return [
        *rest,
        Reading(tuple(layer for each in made for layer in each.layers), findings(*(each.findings for each in made))),
    ]
