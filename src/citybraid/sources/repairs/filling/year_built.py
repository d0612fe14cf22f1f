"""Year of completion where no column states it: the median of like buildings near by, else of all like, else of all."""

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
"""Error that is told as the share of buildings within it [year]."""
HOW = np.array(["intake.how_near", "intake.how_kind", "intake.how_any"], dtype=object)
"""Text ids of the rule by how near the buildings are that were asked."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Fill missing years; where no year is stated at all, none is invented."""
    buildings = layers.table("buildings")
    var = vocabulary()["year_built"]
    found = layers.get(var.name, on="buildings")
    if buildings is None:
        return Repaired(layers)
    gap = missing(found, buildings.index)
    if found is None or gap.all():
        return Repaired(layers, (Finding("advice", "intake.year_missing", "buildings", len(buildings)),))
    if not gap.any():
        return Repaired(layers)
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("", index=buildings.index)
    points = centres(buildings.geometry)
    guess = like_near(points, found.value, uses, gap, rules.choices.near)
    told = {"near": int((guess.method == HOW[0]).sum()), "radius": rules.choices.neighbourhood}
    findings = [Finding("guessed", "intake.year_filled", "buildings", int(gap.sum()), told)]
    if rules.draw.number == 0:
        test = like_near(points, found.value, uses, tested(~gap), rules.choices.near)
        findings.append(told_error("intake.year_error", var.name, number_error(found.value, test, within=WITHIN)))
    return Repaired(layers.put(imputed(found, var, guess, rows=buildings.index, draw=rules.draw)), tuple(findings))


def like_near(points: np.ndarray, values: pd.Series, uses: pd.Series, asking: pd.Series, near: Near) -> Spread:
    """Return the median, to a whole number, of what like buildings state that are near each asking one.

    Like is what has the same use; as likely as the median is the value of each that was
    asked. Fewer than three near by: an even sample of all like ones; of all, where fewer are alike.
    """
    asked = givers(points, uses, values.notna(), asking, near=near, order=values)
    likely = given(values, asked.givers)
    rows = values.index[asking.to_numpy()]
    value = pd.Series(np.round(middle(likely)), index=rows)
    return spread(pd.Series(HOW[asked.how], index=rows, dtype=object), value, likely, asked.givers)
