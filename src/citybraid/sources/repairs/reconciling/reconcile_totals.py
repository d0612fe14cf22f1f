"""A sheet's own total against the sum of its rows, looked at before the rows go to their table."""

import numpy as np

from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import Repaired, Rules, Stage
from citybraid.sources.quality.contradictions import Compared, told
from citybraid.sources.tabular.sheets import SUMS

STAGE: Stage = "geometry"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell the columns whose rows do not add up to the total that stands below them; nothing is changed."""
    off = rules.choices.total_off
    groups = []
    for found in layers.keyed:
        total = found.value.attrs.get(SUMS)
        if total is None or not np.isfinite(total):
            continue
        computed = float(found.value.sum())
        if abs(computed - total) > off * max(total, computed):
            said, made = np.array([total]), np.array([computed])
            name, unit = found.var.name, found.var.unit
            groups.append(Compared("sheet_total", name, unit, ["-"], said, made, off, "choices.total_off"))
    contradictions, findings = told(groups)
    return Repaired(layers, findings, (), contradictions)
