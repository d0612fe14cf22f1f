"""Floor areas that some buildings lack, or state as 0, in a file that states them: footprint times storeys."""

import geopandas as gpd
import pandas as pd
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, donor_values, select_donors, test_rows
from citybraid.sources.imputing.rule_error import error_finding
from citybraid.sources.imputing.unstated import without_zeros
from citybraid.sources.protocol.imputation import Spread, number_error, spread
from citybraid.sources.protocol.layers import Layers, impute_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "form"
READS = ("buildings",)
VERSION = 1
IMPUTES = True
WITHIN = 20.0
"""Error bound: the share of buildings within it is reported [%]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill missing floor areas of a file that states some; where storeys are unknown they stay missing.

    Where no file states floor areas at all, the model of that name computes them by the same rule.
    """
    buildings, (layer, zeros) = layers.table("buildings"), without_zeros(layers.get("floor_area", on="buildings"))
    floors = layers.get("floors", on="buildings")
    if buildings is None or layer is None:
        return RepairResult(layers)
    findings = [*zeros]
    gap = missing_mask(layer, buildings.index)
    if floors is None or not gap.any():
        return RepairResult(layers.put(layer) if zeros else layers, tuple(findings))
    computed = floors.value.astype(float) * shapely.area(buildings.geometry.to_numpy())
    to_fill = gap & computed.notna()
    if not to_fill.any():
        return RepairResult(layers.put(layer), tuple(findings))
    ratio = (layer.value.astype(float) / computed.where(computed > 0)).where(~gap)
    likely = _ratios(buildings, ratio, to_fill, rules)
    value = computed[to_fill]
    guess = spread("intake.how_floor_area", value, value.to_numpy()[:, None] * likely.likely, likely.giver)
    findings.append(Finding("guessed", "intake.floor_area_filled", "buildings", int(to_fill.sum())))
    if rules.draw.number == 0:
        test = _ratios(buildings, ratio, test_rows(ratio.notna()), rules)
        error = number_error(100.0 * ratio, _percent(test), within=WITHIN)
        findings.append(error_finding("intake.floor_area_error", "floor_area", error))
    var = vocabulary()["floor_area"]
    filled = impute_missing(layer, var, guess, rows=buildings.index, draw=rules.draw)
    return RepairResult(layers.put(filled), tuple(findings))


def _ratios(buildings: gpd.GeoDataFrame, ratio: pd.Series, to_fill: pd.Series, rules: Rules) -> Spread:
    """Return stated over computed floor area of like buildings near by [-]; the rule's own value is 1."""
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("", index=buildings.index)
    donors = select_donors(
        centres(buildings.geometry), uses, ratio.notna(), to_fill, near=rules.choices.near, order=ratio
    )  # fmt: skip
    one = pd.Series(1.0, index=buildings.index[to_fill.to_numpy()])
    return spread("intake.how_floor_area", one, donor_values(ratio, donors.givers), donors.givers)


def _percent(guess: Spread) -> Spread:
    return Spread(guess.method, 100.0 * guess.value, 100.0 * guess.likely, guess.giver)
