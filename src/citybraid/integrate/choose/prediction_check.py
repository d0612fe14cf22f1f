"""Predicted against computed: what was predicted of a portfolio, with bands, and what its run on the full grid gave."""

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.prediction import Prediction


def predicted_against_computed(
    base: pd.DataFrame, prediction: Prediction, computed: pd.DataFrame, within: pd.DataFrame
) -> pd.DataFrame:
    """Return a row per indicator and place, the whole area (WHOLE) first.

    Columns: indicator, unit, base, predicted, low, high, computed (changes), difference (predicted less computed),
    relative (to the computed change; none where that is 0), within, whether the computed change lies in the band, and
    banded, whether a run told the error: else low and high are missing, and within judges by the change itself.
    """
    places = [WHOLE_AREA, *(str(name) for name in base.index if name != WHOLE_AREA)]
    frames = []
    for indicator in prediction.change:
        predicted, half, came = (
            each[indicator].reindex(places).to_numpy(np.float64)
            for each in (prediction.change, prediction.half, computed)
        )
        off, banded = predicted - came, bool(prediction.banded[str(indicator)])
        half = half if banded else np.full(half.shape, np.nan)
        frames.append(
            pd.DataFrame({
                "indicator": indicator, "unit": places, "base": base[indicator].reindex(places).to_numpy(np.float64),
                "predicted": predicted, "low": predicted - half, "high": predicted + half, "computed": came,
                "difference": off,
                "relative": np.divide(off, np.abs(came), out=np.full(off.shape, np.nan), where=came != 0.0),
                "within": within[indicator].reindex(places).to_numpy(np.bool_), "banded": banded,
            })
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)
