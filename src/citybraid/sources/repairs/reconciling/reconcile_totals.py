"""A sheet's own total against the sum of its rows, checked before the rows are joined to their table."""

import numpy as np

from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, contradiction_rows
from citybraid.sources.tabular.sheets import SUMS

VERSION = 2

STAGE: Stage = "geometry"
READS: tuple[str, ...] = ()
FENCED = True


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report the columns whose rows do not add up to the total below them; no data change."""
    off = rules.choices.total_off
    groups = []
    for column in layers.keyed:
        total = column.value.attrs.get(SUMS)
        if total is None or not np.isfinite(total):
            continue
        computed = float(column.value.sum())
        if abs(computed - total) > off * max(total, computed):
            stated_total, computed_total = np.array([total]), np.array([computed])
            name, unit = column.var.name, column.var.unit
            groups.append(
                Disagreement("sheet_total", name, unit, ["-"], stated_total, computed_total, off, "choices.total_off")
            )
    contradictions, findings = contradiction_rows(groups)
    return RepairResult(layers, findings, (), contradictions)
