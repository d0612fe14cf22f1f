"""Whether a parcel is built or planned, where no column says it: by the footprints that stand on it."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.geometry.parcel_share import standing
from citybraid.sources.land_use.land_use import building_use
from citybraid.sources.protocol.layers import Layers, filled, missing
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Repaired, Rules, Stage

STAGE: Stage = "form"
READS = ("buildings", "parcels")
OPEN_USES = frozenset({"", "other", "transport"})
"""Parcels of these uses may well stand without a building."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Call a parcel planned where its land use wants a building and none stands there; else built."""
    parcels, buildings = layers.table("parcels"), layers.table("buildings")
    if parcels is None or buildings is None:
        return Repaired(layers)
    var = vocabulary()["parcel_status"]
    found = layers.get(var.name, on="parcels")
    gap = missing(found, parcels.index)
    if not gap.any():
        return Repaired(layers)
    footprint = on_parcels(parcels.geometry.to_numpy(), buildings.geometry.to_numpy())
    wants = (
        parcels["land_use"].map(lambda code: building_use(code) not in OPEN_USES)
        if "land_use" in parcels
        else pd.Series(data=True, index=parcels.index)
    )
    if "floor_area_ratio" in parcels:
        wants &= parcels["floor_area_ratio"].fillna(1.0) > 0
    empty = (pd.Series(footprint, index=parcels.index) < rules.choices.overlap) & wants
    status = empty.map({True: "planned", False: "built"}).astype(object)
    told = {"planned": int((empty & gap).sum())}
    return Repaired(
        layers.put(filled(found, var, status)),
        (Finding("guessed", "intake.status_guessed", "parcels", int(gap.sum()), told),),
    )


def on_parcels(parcels: np.ndarray, buildings: np.ndarray) -> np.ndarray:
    """Return the footprint that stands on each parcel [m2]."""
    found = standing(parcels, buildings)
    return np.bincount(found.parcel, weights=found.area, minlength=len(parcels))
