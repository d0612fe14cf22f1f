"""Rows of a column without a usable value, after every rule: which they are, where they lie, what is done with them."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.finding import Finding, FindingKind
from citybraid.core.text import Phrase
from citybraid.sources.protocol.layers import Layers, missing_mask
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.value_problems import OF_VALUES
from citybraid.sources.text.number_columns import places_of

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
VERSION = 1
FEW = 0.1
"""Share of rows up to which a missing value is an exception among stated ones, so that its place is shown."""
MOST_SHOWN = 100
"""Most rows of a column that are drawn as problems."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Tell the rows of columns of numbers that a file states for others: empty, NaN, infinite, no number, out of range.

    Nothing is changed. A column that no row states is no gap of a row, and what an empty cell of a quantity means that
    is absent unless stated is told where it is read.
    """
    del rules
    findings, problems = list[Finding](), list[Problem]()
    for layer in layers:
        if layer.var.kind in ("text", "geometry") or not isinstance(layer.stated, pd.Series) or layer.at:
            continue
        unstated = ~layer.stated.to_numpy(dtype=bool)
        if not unstated.any() or unstated.all():
            continue
        empty = missing_mask(layer, layer.value.index).to_numpy(dtype=bool)
        for which, mended in ((unstated & empty, False), (unstated & ~empty, True)):
            if which.any():
                findings.append(_finding(layer, which, mended=mended))
                problems += _located(layer, which, layers, mended=mended)
    return RepairResult(layers, tuple(findings), tuple(problems))


def _finding(layer: SourceLayer, which: np.ndarray, *, mended: bool) -> Finding:
    few = which.mean() <= FEW
    values: dict[str, object] = {"var": layer.var.name, "of": len(which)}
    values |= places_of(which, (), layer.value.index.astype(object))
    text = "intake.cells_filled" if mended else "intake.cells_empty"
    kind: FindingKind = ("guessed" if mended else "warning") if few else "found"
    return Finding(kind, text, layer.var.on, int(which.sum()), values)


def _located(layer: SourceLayer, which: np.ndarray, layers: Layers, *, mended: bool) -> Sequence[Problem]:
    """Return the few rows of a table with shapes as problems at their shapes."""
    geometry = geometry_of(layer.var.on)
    shapes = None if geometry is None else layers.get(geometry.name, on=layer.var.on)
    if shapes is None or which.mean() > FEW or not isinstance(shapes.value, gpd.GeoSeries):
        return ()
    rows = layer.value.index[which].intersection(shapes.value.index, sort=False)[:MOST_SHOWN]
    text = f"{OF_VALUES}filled" if mended else f"{OF_VALUES}missing"
    values = {"var": Phrase(f"var.{layer.var.name}", {})}
    return [Problem(text, layer.var.on, str(row), shapes.value[row], mended, values) for row in rows]
