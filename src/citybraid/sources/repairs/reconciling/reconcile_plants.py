"""Electricity of plants against what their plots could take: units that slipped by a thousand or ten thousand."""

import numpy as np
import shapely

from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, contradiction_rows, stated_column

VERSION = 1

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report plants whose stated electricity exceeds what any industry takes on the plot that they stand on."""
    plants, parcels = layers.table("plants"), layers.table("parcels")
    power = stated_column(layers, "plant_electricity", "plants")
    if plants is None or parcels is None or power is None:
        return RepairResult(layers)
    points = shapely.point_on_surface(plants.geometry.to_numpy())
    plant, plot = shapely.STRtree(parcels.geometry.to_numpy()).query(points, predicate="intersects")
    plant, first = np.unique(plant, return_index=True)
    most = np.full(len(plants), np.nan)
    most[plant] = rules.choices.plant_power_most * shapely.area(parcels.geometry.to_numpy())[plot[first]]
    stated = power.to_numpy(dtype=float)
    disagreement = Disagreement(
        "plant_power", "plants", "kWh", plants.index, stated, most, rules.choices.plant_power_most,
        "choices.plant_power_most",
    ).only(stated > most)  # fmt: skip
    contradictions, findings = contradiction_rows([disagreement])
    return RepairResult(layers, findings, (), contradictions)
