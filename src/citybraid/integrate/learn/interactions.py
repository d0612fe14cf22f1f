"""Where measures add, help or hinder each other, and how far the screening grid is from the full one."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA, Evaluate
from citybraid.integrate.learn.effects import EffectTable, Pair

Floats = NDArray[np.float64]
Kind = Literal["additive", "help", "hinder", "none"]
THRESHOLD = 0.05
"""An interaction below this share of the two lone effects together counts as additive [-]."""


def classify(alone: float, interaction: float, *, direction: int, threshold: float = THRESHOLD) -> Kind:
    """Name an interaction.

    `alone` is the sum of the magnitudes of the two lone effects, `direction` +1 where
    more is better, -1 where less is.
    """
    if not (np.isfinite(alone) and np.isfinite(interaction)) or (alone == 0.0 and interaction == 0.0):
        return "none"
    if abs(interaction) <= threshold * alone:
        return "additive"
    return "help" if direction * interaction > 0.0 else "hinder"


def interactions(effects: EffectTable, *, directions: Mapping[str, int], threshold: float = THRESHOLD) -> pd.DataFrame:
    """Return a row per pair, indicator and place (planning unit, or the whole area under WHOLE).

    Columns: first, second, indicator, unit, change_first, change_second, change_both
    (at full adoption), interaction, relative (to the lone effects' magnitudes),
    room_first, room_second (share of the lone quantity that fits beside the other) and kind.
    `directions` names the indicators: +1 where more is better, -1 where less is.
    """
    blocks = [
        _block(effects, names, pair, directions=directions, threshold=threshold) for names, pair in effects.pair.items()
    ]
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()


def _block(
    effects: EffectTable, names: tuple[str, str], pair: Pair, *, directions: Mapping[str, int], threshold: float
) -> pd.DataFrame:
    """Return the rows of a pair: by indicator, then by place, the whole area first."""
    places = [WHOLE_AREA, *effects.units]

    def values(change: pd.DataFrame) -> Floats:
        return np.asarray(change.loc[places, list(directions)].to_numpy(np.float64).T.ravel())

    def by_place(column: pd.Series) -> Floats:
        return np.tile(column.loc[places].to_numpy(np.float64), len(directions))

    first, second = (values(effects.single[name].change) for name in names)
    room_first, room_second = by_place(pair.first), by_place(pair.second)
    interaction = values(pair.interaction)
    alone = np.abs(first) * room_first + np.abs(second) * room_second
    signs = np.repeat(list(directions.values()), len(places))
    return pd.DataFrame(
        {
            "first": names[0],
            "second": names[1],
            "indicator": np.repeat(np.array(list(directions), dtype=object), len(places)),
            "unit": np.tile(np.array(places, dtype=object), len(directions)),
            "change_first": first,
            "change_second": second,
            "change_both": values(pair.change),
            "interaction": interaction,
            "relative": np.divide(interaction, alone, out=np.full(alone.shape, np.nan), where=alone > 0.0),
            "room_first": room_first,
            "room_second": room_second,
            "kind": [
                classify(size, extra, direction=sign, threshold=threshold)
                for size, extra, sign in zip(alone.tolist(), interaction.tolist(), signs.tolist(), strict=True)
            ],
        }
    )


def grid_difference(evaluate: Evaluate, indicators: Sequence[str]) -> pd.DataFrame:
    """Return how far the screening grid's baseline is from the full grid's, a row per indicator.

    Columns: screening, full (whole area), difference (screening less full), relative,
    and unit_rms: root mean square over planning units of the difference, over the root
    mean square of the full values.
    """
    coarse = evaluate((), grid="screening").astype(float)
    fine = evaluate((), grid="full").astype(float)
    rows = {}
    for indicator in indicators:
        screening, full = float(coarse[indicator][WHOLE_AREA]), float(fine[indicator][WHOLE_AREA])
        units = fine[indicator].drop(WHOLE_AREA)
        off = coarse[indicator].drop(WHOLE_AREA).reindex(units.index) - units
        size = float(np.sqrt(np.nanmean(units**2))) if units.notna().any() else np.nan
        error = float(np.sqrt(np.nanmean(off**2))) if off.notna().any() else np.nan
        rows[indicator] = {
            "screening": screening,
            "full": full,
            "difference": screening - full,
            "relative": (screening - full) / abs(full) if full else np.nan,
            "unit_rms": error / size if size else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
