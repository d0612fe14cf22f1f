"""Floors from height or height from floors, by storey heights of the use; the rest from like buildings."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.layers import Layers, filled, missing
from citybraid.sources.quantities import vocabulary
from citybraid.sources.rules import Repaired, Rules, Stage

STAGE: Stage = "form"
READS = ("buildings", "parcels")


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Fill floors and heights; where neither is stated for any building, none is invented."""
    buildings = layers.table("buildings")
    if buildings is None:
        return Repaired(layers)
    rows = buildings.index
    floors, height = layers.get("floors", on="buildings"), layers.get("height", on="buildings")
    if floors is None and height is None:
        return Repaired(layers, (Finding("advice", "intake.form_missing", "buildings", len(rows)),))
    storeys = rules.factor("storey_height")
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("other", index=rows)
    storey = uses.map(lambda use: storeys[use if use in storeys else "other"]).astype(float)
    findings: list[Finding] = []
    no_floors, no_height = missing(floors, rows), missing(height, rows)
    if height is not None and (rule := no_floors & ~no_height).any():
        counted = (height.value / storey).round().clip(lower=1.0).where(rule)
        floors = filled(floors, vocabulary()["floors"], counted)
        findings.append(Finding("guessed", "intake.floors_from_height", "buildings", int(rule.sum())))
    if floors is not None and (gap := missing(floors, rows)).any():
        floors = filled(floors, vocabulary()["floors"], _like(floors.value, uses).round().clip(lower=1.0))
        findings.append(Finding("guessed", "intake.floors_from_use", "buildings", int(gap.sum())))
    if floors is not None and no_height.any():
        height = filled(height, vocabulary()["height"], floors.value * storey)
        findings.append(Finding("guessed", "intake.height_from_floors", "buildings", int(no_height.sum())))
    kept = [found for found in (floors, height) if found is not None]
    return Repaired(layers.put(*kept), tuple(findings))


def _like(values: pd.Series, uses: pd.Series) -> pd.Series:
    """The median of buildings of the same use, else of all."""
    medians = uses.map(values.groupby(uses).median()).astype(float)
    return medians.fillna(float(np.nanmedian(values.to_numpy(dtype=float))))
