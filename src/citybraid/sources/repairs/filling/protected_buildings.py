"""Protected buildings where a file gives the outlines of protected sites."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.imputing.residents import containing_zone
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import HERITAGE_SITES, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "area"
READS: tuple[str, ...] = ("buildings", "heritage_sites")
FENCED = True
VERSION = 1


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Mark each building whose centroid lies in a protected site; what a column of the buildings states stays."""
    del rules
    buildings, sites = layers.table("buildings"), layers.get(HERITAGE_SITES.name, on=HERITAGE_SITES.on)
    if buildings is None or sites is None or not len(sites.value):
        return RepairResult(layers)
    inside = containing_zone(buildings, sites.value.to_numpy()) >= 0
    column = layers.get("heritage", on="buildings")
    marked = pd.Series(np.where(inside, 1.0, 0.0), index=buildings.index)
    stated = pd.Series(inside, index=buildings.index)
    if column is not None:
        given = column.value.reindex(buildings.index)
        marked, stated = given.fillna(marked).astype(float), stated | given.notna()
    layer = SourceLayer(vocabulary()["heritage"], marked, stated=stated, origin=sites.origin)
    values = {"sites": len(sites.value)}
    return RepairResult(
        layers.put(layer), (Finding("found", "intake.protected", "buildings", int(inside.sum()), values),)
    )
