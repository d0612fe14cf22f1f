"""Areas that should add up: parcels and planning units against the study area."""

import numpy as np
import shapely

from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import Repaired, Rules, Stage
from citybraid.sources.quality.contradictions import Compared, told

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell where the sum of units, or of parcels, is not the study area that a file states.

    Parcels may cover less, because streets are none; units should cover all of it.
    """
    area = layers.get("study_area", on="study_area")
    if area is None or area.completeness < 1:
        return Repaired(layers)
    whole = area.value.iloc[0]
    off = rules.choices.area_off
    groups: list[Compared] = []
    for table in ("units", "parcels"):
        found = layers.get(table, on=table)
        if found is None or found.completeness < 1:
            continue
        shapes = found.value.to_numpy()
        middles = shapely.point_on_surface(shapes)
        shapely.prepare(whole)
        inside = shapely.intersects(whole, middles)
        total = float(shapely.area(shapes[inside]).sum())
        wrong = total > whole.area * (1 + off) or (table == "units" and total < whole.area * (1 - off))
        if wrong:
            groups.append(
                Compared(
                    f"area_{table}", table, "m2", ["-"], np.array([whole.area]), np.array([total]), off,
                    "choices.area_off",
                )
            )  # fmt: skip
    contradictions, findings = told(groups)
    return Repaired(layers, findings, (), contradictions)
