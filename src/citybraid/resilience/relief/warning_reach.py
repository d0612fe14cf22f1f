"""Whom a warning reaches in time: the lead time less all delays, against the time that leaving takes."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.relief import (
    EVACUATION_TIME,
    PEOPLE_REACHED_IN_TIME,
    TIME_TO_LEAVE,
    WARNING_MARGIN,
)
from citybraid.core.vocabulary.risk import WARNING_TIME


class WarningReach(NamedTuple):
    """Time to leave, its margin by building, and people reached in time."""

    time_to_leave: TIME_TO_LEAVE
    warning_margin: WARNING_MARGIN
    people_reached_in_time: PEOPLE_REACHED_IN_TIME


@model(
    version=1,
    cite="Rogers and Sorensen (1991), in: Communicating Risks to the Public: 117-134 (delays of a warning); Carsell, "
    "Pingel and Ford (2004), Nat. Hazards Rev. 5: 131-140 (mitigation time)",
    validity="One order for the whole area; delays the same for everybody; leaving as fast as in the evacuation plan.",
)
def warning_reach(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS, EVACUATION_TIME))],
    warning_delay: Annotated[Factors, Fact("warning_delay")],
    warning_reach: Annotated[Factors, Fact("warning_reach")],
    warning_time: WARNING_TIME | None = None,
) -> WarningReach:
    """Return the residents whom an order to leave reaches early enough to be out before the water.

    Time to leave is the lead time of the warning less dissemination and preparation; where the study has no warning,
    that of the forecast, less the decision too. Its margin is what is left of it when a building's last people are out.
    Those who hear the order (`told`) and have a margin of at least 0 are reached in time. Raises InputError where a
    delay is negative or the share told is none.
    """
    for key, hours in warning_delay.items():
        if hours < 0.0:
            raise InputError("relief.delay", key=key, value=hours)
    told = warning_reach["told"]
    if not 0.0 <= told <= 1.0:
        raise InputError("relief.told", value=told)
    lead = warning_reach["forecast_lead"] - warning_delay["decision"] if warning_time is None else warning_time
    time = lead - warning_delay["dissemination"] - warning_delay["preparation"]
    residents = buildings["residents"]
    margin = time - buildings["evacuation_time"].to_numpy(np.float64)
    in_time = np.nan_to_num(margin, nan=-1.0) >= 0.0
    return WarningReach(
        time_to_leave=float(time),
        warning_margin=pd.Series(margin, index=buildings.index),
        people_reached_in_time=(told * residents * in_time).where(residents.notna()),
    )
