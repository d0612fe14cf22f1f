"""Gaps between parcels that are no streets: reported with their place, never filled."""

from citybraid.core.finding import Finding
from citybraid.sources.geometry.gaps import gaps
from citybraid.sources.geometry.shapes import limit_problems, rounded
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 3

STAGE: Stage = "area"
READS: tuple[str, ...] = ()
FENCED = True


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report the gaps between parcels and between units; streets are wider and intended."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for table in ("parcels", "units"):
        geometry = layers.get(table, on=table)
        if geometry is None or len(geometry.value) < 2:  # noqa: PLR2004  (a gap lies between two)
            continue
        remaining = gaps(geometry.value.to_numpy(), rules.choices)
        if not len(remaining.ground):
            continue
        sizes = [float(each.area) for each in remaining.ground]
        values = {"area": sum(sizes), "width": rules.choices.gap_width, "size": rules.choices.gap_area}
        findings.append(Finding("advice", "intake.gaps", table, len(sizes), values))
        problems += [
            Problem("intake.problem_gap", table, str(geometry.value.index[row]), ground, values={"area": rounded(size)})
            for ground, row, size in zip(remaining.ground, remaining.beside, sizes, strict=True)
        ]
    places, more = limit_problems(problems)
    return RepairResult(layers, (*findings, *more), places)
