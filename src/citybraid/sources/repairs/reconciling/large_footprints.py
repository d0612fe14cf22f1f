"""Outlines too large for a building: districts, estates and land use that stand among buildings."""

import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 1

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("buildings",)
HECTARE = 10_000.0


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Warn of buildings that cover more ground than any building does, with their share of all; no data change."""
    buildings = layers.table("buildings")
    if buildings is None or not len(buildings):
        return RepairResult(layers)
    area = shapely.area(buildings.geometry.to_numpy())
    large = area > rules.choices.footprint_most
    if not large.any():
        return RepairResult(layers)
    values = {
        "most": rules.choices.footprint_most / HECTARE, "share": round(100.0 * area[large].sum() / area.sum(), 1),
        "worst": str(buildings.index[int(np.argmax(area))]), "largest": round(float(area.max()) / HECTARE, 1),
    }  # fmt: skip
    return RepairResult(layers, (Finding("warning", "intake.footprint_large", "buildings", int(large.sum()), values),))
