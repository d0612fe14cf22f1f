"""Which components of lifelines a measure takes: of some systems, in some planning units, up to a share."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from citybraid.integrate.measures.siting import area_of_points, selected_units

Flags = NDArray[np.bool_]
ROUNDING = 1e-9


def chosen_components(
    lifelines: gpd.GeoDataFrame, units: gpd.GeoDataFrame, fit: Flags, *, systems: Iterable[str], share: float,
    where: Iterable[str] | None,
) -> tuple[Flags, NDArray[np.int64]]:  # fmt: skip
    """Return which components take a measure, and the unit of each (the last number: in none).

    Of the fitting components of a unit a share of their number is taken, rounded down, those of the first system first
    and then in order of id.
    """
    rank = {name: at for at, name in enumerate(systems)}
    system = [rank.get(str(name), -1) for name in lifelines["lifeline_system"]]
    unit = np.asarray(area_of_points(lifelines.geometry.representative_point(), units.geometry), np.int64)
    able = fit & (np.array(system) >= 0) & selected_units(units, where)[unit]
    taken = np.zeros(len(lifelines), np.bool_)
    order = sorted(np.flatnonzero(able), key=lambda at: (system[at], str(lifelines.index[at])))
    for place in np.unique(unit[able]):
        here = [at for at in order if unit[at] == place]
        taken[here[: int(share * len(here) + ROUNDING)]] = True
    return taken, unit
