"""Old people by building where files count them by planning unit only."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.imputing.residents import containing_zone, living_area
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import UNIT_ELDERLY, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "residents"
READS: tuple[str, ...] = ("buildings", "units", "living_weight")
VERSION = 1


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Spread the old people of each unit over its homes by their floor area, weighted as residents are.

    Nothing is done where a file knows them by building. People of a unit without homes stay unplaced and are told.
    """
    del rules
    stated, buildings = layers.get(UNIT_ELDERLY.name, on="units"), layers.table("buildings")
    units = layers.table("units")
    if stated is None or buildings is None or units is None or layers.get("elderly", on="buildings") is not None:
        return RepairResult(layers)
    area = living_area(buildings)
    if "living_weight" in buildings:
        area = area * buildings["living_weight"].astype(float).fillna(1.0)
    people = stated.value.reindex(units.index).to_numpy(dtype=np.float64)
    home = containing_zone(buildings, units.geometry.to_numpy())
    inside = home >= 0
    living = np.bincount(home[inside], weights=area.to_numpy()[inside], minlength=len(people))
    density = np.divide(people, living, out=np.zeros(len(people)), where=living > 0)
    elderly = pd.Series(np.where(inside, area * np.append(density, 0.0)[home], 0.0), index=buildings.index)
    values = {"people": round(float(np.nansum(people))), "lost": round(float(np.nansum(people[living <= 0])))}
    layer = SourceLayer(
        vocabulary()["elderly"], elderly, stated=pd.Series(data=False, index=buildings.index), origin=stated.origin
    )
    return RepairResult(layers.put(layer), (Finding("guessed", "intake.elderly_spread", "units", len(people), values),))
