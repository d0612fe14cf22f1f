"""Missing years of completion: the median of similar buildings nearby, else of all similar ones, else of all."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, given, givers, tested
from citybraid.sources.imputing.skill import told_error
from citybraid.sources.protocol.imputation import Spread, middle, number_error, spread
from citybraid.sources.protocol.layers import Layers, imputed, missing
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Near, Repaired, Rules, Stage

STAGE: Stage = "age"
READS = ("buildings", "parcels")
VERSION = 2
IMPUTES = True
WITHIN = 10.0
"""Error bound: the share of buildings within it is reported [year]."""
HOW = np.array(["intake.how_near", "intake.how_kind", "intake.how_any"], dtype=object)
"""Text ids of the rule by how near the donor buildings are."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Fill missing years; where no year is stated at all, all stay missing."""
    buildings = layers.table("buildings")
    var = vocabulary()["year_built"]
    layer = layers.get(var.name, on="buildings")
    if buildings is None:
        return Repaired(layers)
    gap = missing(layer, buildings.index)
    if layer is None or gap.all():
        return Repaired(layers, (Finding("advice", "intake.year_missing", "buildings", len(buildings)),))
    if not gap.any():
        return Repaired(layers)
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("", index=buildings.index)
    points = centres(buildings.geometry)
    guess = like_near(points, layer.value, uses, gap, rules.choices.near)
    values = {"near": int((guess.method == HOW[0]).sum()), "radius": rules.choices.neighbourhood}
    findings = [Finding("guessed", "intake.year_filled", "buildings", int(gap.sum()), values)]
    if rules.draw.number == 0:
        test = like_near(points, layer.value, uses, tested(~gap), rules.choices.near)
        findings.append(told_error("intake.year_error", var.name, number_error(layer.value, test, within=WITHIN)))
    return Repaired(layers.put(imputed(layer, var, guess, rows=buildings.index, draw=rules.draw)), tuple(findings))


def like_near(points: np.ndarray, values: pd.Series, uses: pd.Series, to_fill: pd.Series, near: Near) -> Spread:
    """Return the median year, rounded, of similar buildings near each one to fill.

    Similar buildings have the same use; the value of each donor is as likely as the
    median. Fewer than three nearby: an even sample of all similar ones; of all, where fewer are similar.
    """
    donors = givers(points, uses, values.notna(), to_fill, near=near, order=values)
    likely = given(values, donors.givers)
    rows = values.index[to_fill.to_numpy()]
    value = pd.Series(np.round(middle(likely)), index=rows)
    return spread(pd.Series(HOW[donors.how], index=rows, dtype=object), value, likely, donors.givers)
