"""Features outside the study area: kept, because models use them, and reported, because indicators do not."""

import shapely

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 3

STAGE: Stage = "units"
READS: tuple[str, ...] = ()
COUNTED = ("parcels", "buildings", "streets")
WITHIN = ("parcels", "buildings")
"""Tables of which a plan holds some: where it holds none, the one or the other lies wrong."""


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
        if beyond == len(middles) and table in WITHIN:
            findings.append(Finding("warning", "intake.shapes_all_outside", table, beyond))
        elif beyond:
            findings.append(Finding("advice", "intake.shapes_outside", table, beyond, {"rows": len(shapes.value)}))
    return RepairResult(layers, tuple(findings))
