"""Two events whose damage grows with every level drawn, one as a square."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.resilience.damage.damage_spread import DamageFactors, DrawParams, sample
from citybraid.resilience.damage.damage_uncertainty import DamageUncertaintyParams
from tests.resilience.ensemble import facts


def golden_case() -> Mapping[str, Any]:
    told = facts()
    levels = sample(DamageFactors(*told.values()), DrawParams(draws=64)).levels
    damage = 10.0 + levels @ np.arange(1.0, levels.shape[1] + 1.0)
    index = [str(number) for number in range(len(damage))]
    draws = {"a": pd.Series(damage, index), "b": pd.Series(damage**2, index)}
    return {
        "draws": draws, "return_periods": {"a": 5.0, "b": 50.0}, **told, "p": DamageUncertaintyParams(draws=64),
    }  # fmt: skip
