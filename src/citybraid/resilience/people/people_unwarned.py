"""People exposed to a flood without a timely warning."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.preparedness import PEOPLE_UNWARNED, PREPARED_SHARE
from citybraid.core.vocabulary.risk import PEOPLE_EXPOSED, WARNING_TIME


class PeopleUnwarned(NamedTuple):
    """Unwarned people by building."""

    people_unwarned: PEOPLE_UNWARNED


@model(
    version=1,
    cite="Kreibich, Hudson and Merz (2022), EGU22-7247 (a warning helps from an hour's notice on)",
    validity="Residents at home, prepared or not as their building's others; whether they act or get away is not told.",
)
def people_unwarned(
    *,
    buildings: Annotated[View, Table("buildings", (PEOPLE_EXPOSED,), (PREPARED_SHARE,))],
    flood_warning: Annotated[Factors, Fact("flood_warning")],
    warning_time: WARNING_TIME | None = None,
) -> PeopleUnwarned:
    """Return the number of exposed residents without a timely warning, or not prepared to act on it.

    These are all exposed residents where there is no warning or its lead time is too short, else people ×
    (1 - prepared share); buildings without a prepared share count as not prepared.
    """
    exposed = np.asarray(buildings["people_exposed"], dtype=np.float64)
    prepared = np.zeros(len(buildings))
    in_time = warning_time is not None and warning_time >= flood_warning["lead_time"]
    if in_time and "prepared_share" in buildings:
        prepared = np.nan_to_num(np.asarray(buildings["prepared_share"], dtype=np.float64))
    return PeopleUnwarned(pd.Series(exposed * (1.0 - prepared), index=buildings.index))
