"""Early flood warning, and preparedness of people and firms."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import PEOPLE_WARNED
from citybraid.core.vocabulary.place import POPULATION
from citybraid.core.vocabulary.preparedness import PREPARED_SHARE
from citybraid.core.vocabulary.risk import WARNING_TIME
from citybraid.integrate.measures.siting import area_of_points, selected_units


class EarlyWarningParams(MeasureParams):
    lead_time: float | None = Field(None, ge=0.0, le=240.0)
    """Time from the warning to the water; the factor warning_lead_time without it [h]."""


class EarlyWarning(NamedTuple):
    warning_time: WARNING_TIME
    prepared_share: PREPARED_SHARE
    people_warned: PEOPLE_WARNED


@measure(
    version=1,
    cite="Kreibich, Hudson and Merz (2022), EGU22-7247 (warned and prepared households lose less); China "
    "Meteorological Administration (2007), order no. 16 (lead of rainstorm signals)",
    validity="Floods that forecasts can see: false alarms, missed floods and warnings at night are not seen.",
    stage="operation",
    quantity=PEOPLE_WARNED,
    responsible="emergency management bureau; meteorological service",
    build_years=1.0,
)
def early_warning(
    *,
    buildings: Annotated[View, Table("buildings", (), (PREPARED_SHARE,))],
    units: Annotated[View, Table("units", (POPULATION, PEOPLE_WARNED))],
    lead_time: Annotated[Factors, Fact("warning_lead_time")],
    p: EarlyWarningParams,
    warning_time: WARNING_TIME | None = None,
) -> EarlyWarning:
    """Warn of floods ahead of the water, and prepare a share of the people and firms of planning units.

    The lead time is that of the forecast and holds for the whole plan; an earlier warning that is
    there stays. Prepared is who gets the warning and knows what to do: in buildings of the units that take
    the measure the share asked for. Elsewhere nobody is. Where a warning was there before, buildings without a
    prepared share keep having none, so that what the study says of them stands.
    """
    active = selected_units(units, p.where)
    old = np.full(len(buildings), np.nan)
    if "prepared_share" in buildings:
        old = np.asarray(buildings["prepared_share"], dtype=np.float64)
    before = 0.0 if warning_time is None else float(warning_time)
    lead = lead_time[""] if p.lead_time is None else p.lead_time
    elsewhere = old if warning_time is not None else np.nan_to_num(old)
    inside = active[area_of_points(buildings.geometry.centroid, units.geometry)] & (p.share > 0.0)
    prepared = np.where(inside & np.isfinite(elsewhere), np.fmax(old, p.share), elsewhere)
    people = np.nan_to_num(np.asarray(units["population"], dtype=np.float64))
    already_warned = units["people_warned"]
    return EarlyWarning(
        max(before, lead) if p.share > 0.0 and active.any() else before,
        pd.Series(prepared, index=buildings.index),
        already_warned.where(
            ~active[:-1], np.maximum(already_warned, np.minimum(already_warned + people * p.share, people))
        ),
    )
