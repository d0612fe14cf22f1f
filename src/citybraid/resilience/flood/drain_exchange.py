"""Drains of a flood: inputs, and the volumes exchanged with them."""

from typing import Annotated, NamedTuple

import pandas as pd

from citybraid.core.var import Table, View
from citybraid.core.vocabulary.drains import (
    DRAINAGE_MODEL,
    DRAINS_CONTINUITY,
    DRAINS_DISCHARGED,
    DRAINS_LOST,
    DRAINS_RELEASED,
    DRAINS_RETURNED,
    DRAINS_RUNOFF,
    DRAINS_TAKEN,
    EXCHANGE_ERROR,
    NODE_COUPLING,
    NODE_RETURNED,
    NODE_RIM_GAP,
    NODE_SHIFT,
    NODE_TAKEN,
)

DrainNodes = Annotated[View, Table("drain_nodes", ())]
DrainCatchments = Annotated[View, Table("drain_catchments", ())]


class Drainage(NamedTuple):
    """Drains as a SWMM model, its nodes, and its catchments."""

    drainage_model: DRAINAGE_MODEL | None = None
    drain_nodes: DrainNodes | None = None
    drain_catchments: DrainCatchments | None = None


class DrainExchange(NamedTuple):
    """Volumes that coupled drains took from the surface and returned, by node and in total."""

    node_coupling: NODE_COUPLING
    node_shift: NODE_SHIFT
    node_rim_gap: NODE_RIM_GAP
    node_taken: NODE_TAKEN
    node_returned: NODE_RETURNED
    drains_taken: DRAINS_TAKEN
    drains_returned: DRAINS_RETURNED
    drains_released: DRAINS_RELEASED
    drains_discharged: DRAINS_DISCHARGED
    drains_runoff: DRAINS_RUNOFF
    drains_lost: DRAINS_LOST
    drains_continuity: DRAINS_CONTINUITY
    exchange_error: EXCHANGE_ERROR


class Exchanged(NamedTuple):
    """Exchanged volumes of a run, by node and in total [m³]."""

    coupling: pd.Series
    shift: pd.Series
    gap: pd.Series
    taken: pd.Series
    returned: pd.Series
    out: float
    """From the surface."""
    back: float
    """Onto the surface."""
    released: float
    """Onto the surface at outfalls."""
    disagreement: float
    """Sum of absolute differences of both between the surface and the drains' engine."""
    discharged: float
    runoff: float
    """From catchments outside the model area."""
    lost: float
    """Out of nodes that do not exchange with the surface."""
    continuity: float


def exchange_of(exchanged: Exchanged, *, error: float) -> DrainExchange:
    """Return the exchange of a run as outputs; `error` is the relative difference between surface and engine."""
    return DrainExchange(
        node_coupling=exchanged.coupling,
        node_shift=exchanged.shift,
        node_rim_gap=exchanged.gap,
        node_taken=exchanged.taken,
        node_returned=exchanged.returned,
        drains_taken=exchanged.out,
        drains_returned=exchanged.back,
        drains_released=exchanged.released,
        drains_discharged=exchanged.discharged,
        drains_runoff=exchanged.runoff,
        drains_lost=exchanged.lost,
        drains_continuity=exchanged.continuity,
        exchange_error=error,
    )
