"""Where measures add, help or hinder each other, and how far the screening grid is from the full one."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, Evaluate
from citybraid.integrate.learn.effects import EffectTable, Pair

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
    rows = [
        _row(effects, names, pair, indicator=indicator, unit=unit, direction=direction, threshold=threshold)
        for names, pair in effects.pair.items()
        for indicator, direction in directions.items()
        for unit in (WHOLE_AREA, *effects.units)
    ]
    return pd.DataFrame(rows)


def _row(
    effects: EffectTable, names: tuple[str, str], pair: Pair, *, indicator: str, unit: str, direction: int,
    threshold: float,
) -> dict[str, object]:  # fmt: skip
    first, second = (float(effects.single[name].change[indicator][unit]) for name in names)
    room = float(pair.first[unit]), float(pair.second[unit])
    alone = abs(first) * room[0] + abs(second) * room[1]
    interaction = float(pair.interaction[indicator][unit])
    return {
        "first": names[0],
        "second": names[1],
        "indicator": indicator,
        "unit": unit,
        "change_first": first,
        "change_second": second,
        "change_both": float(pair.change[indicator][unit]),
        "interaction": interaction,
        "relative": interaction / alone if alone > 0.0 else np.nan,
        "room_first": room[0],
        "room_second": room[1],
        "kind": classify(alone, interaction, direction=direction, threshold=threshold),
    }


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
