"""More frequent buses or metro: shorter headways at stops."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.streets.stop_kinds import kinds_of
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.travel import HEADWAY, STOP_KIND
from citybraid.core.vocabulary.measures import ADDED_DEPARTURES
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units

HOUR = 60.0


class TransitFrequencyParams(MeasureParams):
    kind: Literal["bus", "metro", "both"] = "bus"
    """Stops that are served more often."""
    headway: float = Field(5.0, ge=0.5, le=120.0)
    """Headway at a share of 1; stops served more often keep theirs [min]."""


class TransitFrequency(NamedTuple):
    headway: HEADWAY
    added_departures: ADDED_DEPARTURES


@measure(
    version=1,
    cite="Ortuzar and Willumsen (2011), Modelling Transport, 4th ed., ch. 10 (half the headway is the wait)",
    validity="Headways at the peak, all day; vehicles, drivers, depots and crowding are not checked; routes stay.",
    stage="operation",
    quantity=ADDED_DEPARTURES,
    responsible="transit operator; transport authority",
    build_years=0.5,
)
def transit_frequency(
    stops: Annotated[View, Table("stops", (STOP_KIND,), (HEADWAY,))],
    units: Annotated[View, Table("units", (ADDED_DEPARTURES,))],
    transit_service: Annotated[Factors, Fact("transit_service")],
    p: TransitFrequencyParams,
) -> TransitFrequency:
    """Serve stops more often: departures an hour grow by a share of what the headway asked for needs.

    Stops without a headway have that of the factor. Counted are the departures an hour and direction that are added,
    over all stops. How residents' trips follow is computed by the model of travel: they wait half a headway.
    """
    unit = area_of_points(stops.geometry.centroid, units.geometry)
    kinds = kinds_of(stops)
    now = _headways(stops, kinds, transit_service)
    chosen = (kinds == p.kind) | ((kinds != "") & (p.kind == "both"))
    served = selected_units(units, p.where)[unit] & chosen.to_numpy()
    before = HOUR / now
    more = np.where(served, np.fmax(HOUR / p.headway - before, 0.0) * p.share, 0.0)
    return TransitFrequency(
        pd.Series(np.where(more > 0.0, HOUR / (before + more), now), index=stops.index),
        units["added_departures"] + per_unit(units, unit, more),
    )


def _headways(stops: View, kinds: pd.Series, service: Factors) -> np.ndarray:
    """Return the headway of each stop [min]; NaN where neither the stop nor a kind tells it."""
    usual = kinds.map({kind: service[f"{kind}_headway"] for kind in ("bus", "metro")})
    given = stops["headway"] if "headway" in stops else pd.Series(np.nan, index=stops.index)
    return np.asarray(given.astype(np.float64).fillna(usual), dtype=np.float64)
