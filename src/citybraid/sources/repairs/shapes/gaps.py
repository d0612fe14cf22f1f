"""Gaps between parcels that are no streets: told with their place, never filled."""

from citybraid.core.finding import Finding
from citybraid.sources.geometry.gaps import gaps
from citybraid.sources.geometry.shapes import kept
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import Repaired, Rules, Stage

STAGE: Stage = "area"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell the gaps between parcels and between units; streets are wider and are meant."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for table in ("parcels", "units"):
        found = layers.get(table, on=table)
        if found is None or len(found.value) < 2:  # noqa: PLR2004  (a gap lies between two)
            continue
        left = gaps(found.value.to_numpy(), rules.choices)
        if not len(left.ground):
            continue
        sizes = [float(each.area) for each in left.ground]
        values = {"area": sum(sizes), "width": rules.choices.gap_width, "size": rules.choices.gap_area}
        findings.append(Finding("advice", "intake.gaps", table, len(sizes), values))
        problems += [
            Problem("intake.problem_gap", table, str(found.value.index[row]), ground, values={"area": size})
            for ground, row, size in zip(left.ground, left.beside, sizes, strict=True)
        ]
    places, more = kept(problems)
    return Repaired(layers, (*findings, *more), places)
