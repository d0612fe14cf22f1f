"""Cycle lanes: lanes apart from cars along streets where cars are fast or many."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.travel import CYCLE_LANE
from citybraid.core.vocabulary.measures import CYCLE_LANE_LENGTH
from citybraid.core.vocabulary.place import ROAD_CLASS
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units, use_share


class CycleLanesParams(MeasureParams):
    pass


class CycleLanes(NamedTuple):
    cycle_lane: CYCLE_LANE
    cycle_lane_length: CYCLE_LANE_LENGTH


@measure(
    version=1,
    cite="Broach, Dill and Gliebe (2012), Transportation Research Part A 46: 1730-1740, doi:10.1016/j.tra.2012.07.005",
    validity="Lanes on both sides; width, junctions, parking and lanes that are there but not in the file not checked.",
    stage="surface",
    quantity=CYCLE_LANE_LENGTH,
    responsible="transport authority",
    build_years=1.0,
)
def cycle_lanes(
    streets: Annotated[View, Table("streets", (ROAD_CLASS, CYCLE_LANE))],
    units: Annotated[View, Table("units", (CYCLE_LANE_LENGTH,))],
    roads: Annotated[Factors, Fact("cycle_lane_road")],
    p: CycleLanesParams,
) -> CycleLanes:
    """Give streets of busy classes lanes for cycles: a share of the length that has none yet.

    A street belongs to the unit that holds its middle. Counted is the length of streets that gets lanes. How
    residents' trips follow is computed by the model of travel: a kilometre with lanes feels shorter to cyclists.
    """
    unit = area_of_points(streets.geometry.interpolate(0.5, normalized=True), units.geometry)
    before = np.nan_to_num(streets["cycle_lane"].to_numpy(dtype=np.float64))
    most = np.where(selected_units(units, p.where)[unit], use_share(streets["road_class"], roads), 0.0)
    more = np.fmax(most - before, 0.0) * p.share
    return CycleLanes(
        pd.Series(before + more, index=streets.index),
        units["cycle_lane_length"] + per_unit(units, unit, more * streets.geometry.length.to_numpy()),
    )
