"""Native species in plantings: what a planting plan states by plot; a gap where it does not."""

from typing import Annotated, NamedTuple

import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.biodiversity.refuges import NATIVE_PLANTING, NATIVE_SPECIES_SHARE


class NativePlanting(NamedTuple):
    """Native species of the area's plantings."""

    native_planting: NATIVE_PLANTING


@model(
    version=1,
    cite="GB/T 50563-2010, Evaluation standard for urban landscape and greening (index of native woody plants: native "
    "species over all species); mean of plots by area: ours",
    validity="As good as the planting plan: species are counted, not plants, and nothing is inferred where a plot "
    "states none. A plan without a planting plan has no value.",
)
def native_planting(
    parcels: Annotated[View, Table("parcels", (NATIVE_SPECIES_SHARE,))],
) -> NativePlanting:
    """Return the share of native species among those planted, the mean of plots that state it by their area [-].

    Raises InputError where no plot with an area states a share.
    """
    share, area = parcels["native_species_share"].to_numpy(np.float64), parcels.geometry.area.to_numpy(np.float64)
    stated = np.isfinite(share) & np.isfinite(area) & (area > 0.0)
    if not stated.any():
        raise InputError("native_planting.none", parcels=len(parcels))
    return NativePlanting(float(np.average(share[stated], weights=area[stated])))
