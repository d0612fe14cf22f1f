"""Missing years of completion: the median of similar buildings nearby, else of all similar ones, else of all."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, donor_values, select_donors, test_rows
from citybraid.sources.imputing.rule_error import error_finding
from citybraid.sources.protocol.imputation import Spread, number_error, row_median, spread
from citybraid.sources.protocol.layers import Layers, impute_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Neighbourhood, RepairResult, Rules, Stage

STAGE: Stage = "age"
READS = ("buildings", "parcels")
VERSION = 3
IMPUTES = True
WITHIN = 10.0
"""Error bound: the share of buildings within it is reported [year]."""
HOW = np.array(["intake.how_near", "intake.how_kind", "intake.how_any"], dtype=object)
"""Text ids of the rule by how near the donor buildings are."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill missing years; where no year is stated at all, all stay missing."""
    buildings = layers.table("buildings")
    var = vocabulary()["year_built"]
    layer = layers.get(var.name, on="buildings")
    if buildings is None:
        return RepairResult(layers)
    gap = missing_mask(layer, buildings.index)
    if layer is None or gap.all():
        return RepairResult(layers, (Finding("advice", "intake.year_missing", "buildings", len(buildings)),))
    if not gap.any():
        return RepairResult(layers)
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("", index=buildings.index)
    points = centres(buildings.geometry)
    guess = years_from_neighbours(points, layer.value, uses, gap, rules.choices.near)
    values = {"near": int((guess.method == HOW[0]).sum()), "radius": rules.choices.neighbourhood}
    findings = [Finding("guessed", "intake.year_filled", "buildings", int(gap.sum()), values)]
    if rules.draw.number == 0:
        test = years_from_neighbours(points, layer.value, uses, test_rows(~gap), rules.choices.near)
        findings.append(error_finding("intake.year_error", var.name, number_error(layer.value, test, within=WITHIN)))
    return RepairResult(
        layers.put(impute_missing(layer, var, guess, rows=buildings.index, draw=rules.draw)), tuple(findings)
    )


def years_from_neighbours(
    points: np.ndarray, values: pd.Series, uses: pd.Series, to_fill: pd.Series, near: Neighbourhood
) -> Spread:
    """Return the median year, rounded, of similar buildings near each one to fill.

    Similar buildings have the same use; the value of each donor is as likely as the
    median. Fewer than three nearby: an even sample of all similar ones; of all, where fewer are similar.
    """
    donors = select_donors(points, uses, values.notna(), to_fill, near=near, order=values)
    likely = donor_values(values, donors.givers)
    rows = values.index[to_fill.to_numpy()]
    value = pd.Series(np.round(row_median(likely)), index=rows)
    return spread(pd.Series(HOW[donors.how], index=rows, dtype=object), value, likely, donors.givers)
