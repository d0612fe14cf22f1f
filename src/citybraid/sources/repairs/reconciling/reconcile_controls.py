"""Contradictions within parcels: green and buildings above 100 %, stated areas unlike the geometry."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, contradiction_rows, stated_column

VERSION = 4

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
UNITS = {"m2": 1.0, "ha": 1e4, "km2": 1e6, "mu": 1e4 / 15}
"""Square metres in the units of stated areas; 15 mu are a hectare."""
FEWEST = 3
"""Fewest plots from which the unit of stated areas is inferred."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report parcels whose statements cannot all be true; no data change."""
    parcels = layers.table("parcels")
    if parcels is None:
        return RepairResult(layers)
    choices = rules.choices
    green, density = (
        stated_column(layers, "green_ratio", "parcels"),
        stated_column(layers, "building_density", "parcels"),
    )
    groups: list[Disagreement] = []
    if green is not None and density is not None:
        both = green.to_numpy(dtype=float) + density.to_numpy(dtype=float)
        over = both > 1 + choices.shares_off
        groups.append(
            Disagreement(
                "shares", "parcels", "1", parcels.index[over], np.ones(int(over.sum())), both[over],
                choices.shares_off, "choices.shares_off",
            )
        )  # fmt: skip
    far = stated_column(layers, "floor_area_ratio", "parcels")
    if far is not None and density is not None:
        groups += _too_high(far, density, choices.storeys_most)
    drawn = shapely.area(parcels.geometry.to_numpy())
    notes = list(_areas(layers, drawn, choices.area_off, groups))
    contradictions, findings = contradiction_rows(groups)
    return RepairResult(layers, (*notes, *findings), (), contradictions)


def _too_high(far: pd.Series, density: pd.Series, most: float) -> list[Disagreement]:
    """Return the plots whose floor-area ratio over building density makes more storeys than any building has."""
    share = density.to_numpy(dtype=float)
    storeys = np.divide(far.to_numpy(dtype=float), share, out=np.full(len(share), np.nan), where=share > 0.0)
    over = storeys > most
    limit = np.full(int(over.sum()), most)
    rows, basis = far.index[over], "choices.storeys_most"
    return [Disagreement("far_storeys", "parcels", "storeys", rows, limit, storeys[over], most, basis)]


def _areas(layers: Layers, drawn: np.ndarray, off: float, groups: list[Disagreement]) -> Iterator[Finding]:
    """Compare the stated areas, in the unit in which most of them agree with the geometry."""
    plot_area = stated_column(layers, "plot_area", "parcels")
    if plot_area is None:
        return
    area = plot_area.to_numpy(dtype=float)
    known = np.isfinite(area) & (area > 0)
    fits = {unit: int((np.abs(area[known] * size / drawn[known] - 1) <= off).sum()) for unit, size in UNITS.items()}
    best = max(UNITS, key=lambda unit: fits[unit]) if known.sum() >= FEWEST else "m2"
    unit = best if fits[best] * 2 > known.sum() else "m2"
    if unit != "m2":
        values = {"unit": Phrase(f"unit.area_{unit}", {}), "fit": fits[unit]}
        yield Finding("guessed", "intake.plot_area_unit", "parcels", int(known.sum()), values)
    area = area * UNITS[unit]
    wrong = known & (np.abs(area - drawn) > off * drawn)
    rows = plot_area.index[wrong]
    groups.append(Disagreement("plot_area", "parcels", "m2", rows, area[wrong], drawn[wrong], off, "choices.area_off"))
