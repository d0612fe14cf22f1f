"""Floor areas of buildings in another unit than the heading says: that in which most fit footprint times storeys."""

from dataclasses import replace

import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import stated_column

VERSION = 1

STAGE: Stage = "area"
READS = ("buildings",)
FENCED = True
UNITS = {"m2": 1.0, "ha": 1e4, "mu": 1e4 / 15, "ft2": 0.3048**2}
"""Square metres in the units of stated floor areas; a hectare is 万m2 too, and 15 mu."""
NAMES = {"ha": "unit.area_wan"}
FEWEST = 3
"""Fewest buildings from which the unit is inferred."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Bring floor areas to square metres where more than half of them fit another unit, and hardly any fits m2."""
    buildings = layers.table("buildings")
    layer = layers.get("floor_area", on="buildings")
    area, floors = (stated_column(layers, name, "buildings") for name in ("floor_area", "floors"))
    if buildings is None or layer is None or area is None or floors is None:
        return RepairResult(layers)
    computed = shapely.area(buildings.geometry.to_numpy()) * floors.to_numpy(dtype=float)
    stated = area.to_numpy(dtype=float)
    known = np.isfinite(stated) & np.isfinite(computed) & (stated > 0.0) & (computed > 0.0)
    if (count := int(known.sum())) < FEWEST:
        return RepairResult(layers)
    off = rules.choices.floor_area_off
    fits = {
        unit: int((np.abs(stated[known] * size / computed[known] - 1.0) <= off).sum()) for unit, size in UNITS.items()
    }
    best = max(UNITS, key=lambda unit: fits[unit])
    if best == "m2" or 2 * fits[best] <= count:
        return RepairResult(layers)
    values = {"unit": Phrase(NAMES.get(best, f"unit.area_{best}"), {}), "fit": fits[best]}
    note = Finding("guessed", "intake.floor_area_unit", "buildings", count, values)
    return RepairResult(layers.put(replace(layer, value=layer.value * UNITS[best])), (note,))
