"""What a new building of a use emits in operation, judged by the newest buildings of the study."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Factors
from citybraid.lowcarbon.rows import first_match

Array = NDArray[np.float64]
CURRENT_STANDARD, LAST_STANDARD = 2023, 2016
"""Years from which GB 55015-2021 holds, and from which the standards hold that its reductions refer to."""
HOMES = "residential"


def saving(factors: Factors, use: str, *, factor: str) -> float:
    """Return a saving by use: that of the use itself, else that of homes or of public buildings [-]."""
    return first_match(factors, (use, HOMES if use == HOMES else "public"), factor=factor)


def new_intensity(amount: pd.Series, buildings: pd.DataFrame, reduction: Factors) -> dict[str, float]:
    """Return the amount per floor area of a new building, by use; NaN where no building of the use tells.

    It is the mean of the use's buildings under GB 55015-2021 (2023 and later, the plan's too); where there are none,
    that of its buildings of 2016 to 2022 less the reduction that the standard asks for.
    """
    found = {}
    for use, rows in buildings.assign(amount=amount).groupby(buildings["building_use"].astype(str)):
        current = rows[rows["year_built"] >= CURRENT_STANDARD]
        last = rows[rows["year_built"] >= LAST_STANDARD]
        if current["floor_area"].sum() > 0.0:
            found[str(use)] = float(current["amount"].sum() / current["floor_area"].sum())
        elif last["floor_area"].sum() > 0.0:
            cut = saving(reduction, str(use), factor="new_building_saving")
            found[str(use)] = float(last["amount"].sum() / last["floor_area"].sum() * (1.0 - cut))
        else:
            found[str(use)] = np.nan
    return found
