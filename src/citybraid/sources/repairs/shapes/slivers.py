"""Parcels and buildings so thin that they are drawing residue: reported with their place, never removed."""

import numpy as np

from citybraid.core.finding import Finding
from citybraid.sources.geometry.shapes import limit_problems, rounded, width
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 2

STAGE: Stage = "area"
READS: tuple[str, ...] = ()
FENCED = True
TABLES = ("parcels", "units", "buildings")


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report the shapes whose mean width is less than `sliver_width`."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for table in TABLES:
        geometry = layers.get(table, on=table)
        if geometry is None:
            continue
        plain = geometry.value.to_numpy()
        wide = width(plain)
        thin = np.flatnonzero(wide < rules.choices.sliver_width)
        if not len(thin):
            continue
        values = {"width": rules.choices.sliver_width}
        findings.append(Finding("advice", "intake.slivers", table, len(thin), values))
        problems += [
            Problem("intake.problem_sliver", table, str(geometry.value.index[at]), plain[at], values={
                "width": rounded(wide[at]), "area": rounded(plain[at].area)})
            for at in thin
        ]  # fmt: skip
    places, more = limit_problems(problems)
    return RepairResult(layers, (*findings, *more), places)
