"""Features outside the study area: kept, because models use them, and reported, because indicators do not."""

import shapely

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 2

STAGE: Stage = "units"
READS: tuple[str, ...] = ()
COUNTED = ("parcels", "buildings", "streets")


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report how many shapes have their representative point outside the study area."""
    del rules
    area = layers.get("study_area", on="study_area")
    if area is None:
        return RepairResult(layers)
    shape = area.value.iloc[0]
    shapely.prepare(shape)
    findings: list[Finding] = []
    for table in COUNTED:
        shapes = layers.get(table, on=table)
        if shapes is None:
            continue
        middles = shapely.point_on_surface(shapes.value.to_numpy())
        beyond = int((~shapely.intersects(shape, middles)).sum())
        if beyond:
            findings.append(Finding("advice", "intake.shapes_outside", table, beyond, {"rows": len(shapes.value)}))
    return RepairResult(layers, tuple(findings))
