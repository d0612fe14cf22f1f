"""Predicted against computed: screening effects and full-resolution results of the chosen portfolio."""

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, Evaluate, Portfolio
from citybraid.integrate.choose.portfolio import Chosen


def predicted_against_computed(evaluate: Evaluate, members: Portfolio, selection: Chosen) -> pd.DataFrame:
    """Run the chosen portfolio at full resolution and return prediction and outcome, a row per indicator and place.

    Columns: indicator, unit (WHOLE for the whole area), base, predicted, computed
    (changes), difference (predicted less computed) and relative (to the computed
    change; none where that is 0).
    """
    bare = evaluate((), grid="full").astype(float)
    after = evaluate(members, grid="full").astype(float)
    rows = []
    for indicator in selection.predicted.columns:
        for unit in (WHOLE_AREA, *(str(name) for name in selection.predicted.index if name != WHOLE_AREA)):
            predicted = float(selection.predicted[indicator][unit])
            computed = float(after[indicator][unit]) - float(bare[indicator][unit])
            rows.append(
                {
                    "indicator": indicator,
                    "unit": unit,
                    "base": float(bare[indicator][unit]),
                    "predicted": predicted,
                    "computed": computed,
                    "difference": predicted - computed,
                    "relative": (predicted - computed) / abs(computed) if computed else np.nan,
                }
            )
    return pd.DataFrame(rows)
