"""Whether a parcel is built or planned, where no column states it: from the footprints on it."""

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.geometry.parcel_share import parcel_overlaps
from citybraid.sources.land_use.land_use import building_use
from citybraid.sources.protocol.layers import Layers, fill_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "form"
VERSION = 2
READS = ("buildings", "parcels")
OPEN_USES = frozenset({"", "other", "transport"})
"""Parcels of these uses may have no building."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Set a parcel to planned where its land use expects a building and it has none; else to built.

    Plots that state neither a use nor a floor-area ratio are no plan: they are as they are.
    """
    parcels, buildings = layers.table("parcels"), layers.table("buildings")
    if parcels is None or buildings is None:
        return RepairResult(layers)
    var = vocabulary()["parcel_status"]
    layer = layers.get(var.name, on="parcels")
    gap = missing_mask(layer, parcels.index)
    if not gap.any():
        return RepairResult(layers)
    footprint = footprint_area(parcels.geometry.to_numpy(), buildings.geometry.to_numpy())
    expects_building = (
        parcels["land_use"].map(lambda code: building_use(code) not in OPEN_USES)
        if "land_use" in parcels
        else pd.Series("floor_area_ratio" in parcels, index=parcels.index, dtype=bool)
    )
    if "floor_area_ratio" in parcels:
        expects_building &= parcels["floor_area_ratio"].fillna(1.0) > 0
    empty = (pd.Series(footprint, index=parcels.index) < rules.choices.overlap) & expects_building
    status = empty.map({True: "planned", False: "built"}).astype(object)
    values = {"planned": int((empty & gap).sum())}
    return RepairResult(
        layers.put(fill_missing(layer, var, status)),
        (Finding("guessed", "intake.status_guessed", "parcels", int(gap.sum()), values),),
    )


def footprint_area(parcels: np.ndarray, buildings: np.ndarray) -> np.ndarray:
    """Return the building footprint area on each parcel [m2]."""
    shares = parcel_overlaps(parcels, buildings)
    return np.bincount(shares.parcel, weights=shares.area, minlength=len(parcels))
