"""Areas that should add up: parcels and planning units against the study area."""

import numpy as np
import shapely

from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, contradiction_rows

VERSION = 2

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report where the total area of units, or of parcels, differs from the stated study area.

    Parcels may cover less, because streets are not parcels; units should cover all of it.
    """
    area = layers.get("study_area", on="study_area")
    if area is None or area.completeness < 1:
        return RepairResult(layers)
    boundary = area.value.iloc[0]
    off = rules.choices.area_off
    groups: list[Disagreement] = []
    for table in ("units", "parcels"):
        layer = layers.get(table, on=table)
        if layer is None or layer.completeness < 1:
            continue
        shapes = layer.value.to_numpy()
        points = shapely.point_on_surface(shapes)
        shapely.prepare(boundary)
        inside = shapely.intersects(boundary, points)
        total = float(shapely.area(shapes[inside]).sum())
        wrong = total > boundary.area * (1 + off) or (table == "units" and total < boundary.area * (1 - off))
        if wrong:
            groups.append(
                Disagreement(
                    f"area_{table}", table, "m2", ["-"], np.array([boundary.area]), np.array([total]), off,
                    "choices.area_off",
                )
            )  # fmt: skip
    contradictions, findings = contradiction_rows(groups)
    return RepairResult(layers, findings, (), contradictions)
