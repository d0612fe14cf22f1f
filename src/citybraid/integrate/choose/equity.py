"""Equity floors: a least share of the spending, or of a benefit, that goes to vulnerable people."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from citybraid.core.errors import StudyError


@dataclass(frozen=True)
class EquityFloor:
    """At least `share` of the spending, or of an indicator's gain, goes to units by their weight of vulnerable people.

    `weight` gives, by unit, the share of the people there who are vulnerable, 0 to 1; 1 for a unit that is named as
    such, units left out have 0. `indicator` '' is the spending; a gain is one in the indicator's good `direction`,
    counted in the unit where it arises. The gain as a whole must not be a loss.
    """

    share: float
    weight: Mapping[str, float]
    indicator: str = ""
    direction: Literal[1, -1] = 1

    def __post_init__(self) -> None:
        """Refuse shares outside 0 to 1; raises StudyError."""
        for value in (self.share, *self.weight.values()):
            if not (math.isfinite(value) and 0.0 <= value <= 1.0):
                raise StudyError("choose.floor_share", got=value)


def vulnerable_weight(vulnerable: pd.Series, people: pd.Series) -> Mapping[str, float]:
    """Return the share of vulnerable people by unit, 0 where nobody lives.

    Raises StudyError where a number is below 0 or more people are vulnerable than live there.
    """
    counts = vulnerable.reindex(people.index).fillna(0.0)
    if (counts < 0.0).any() or (counts > people * (1.0 + 1e-9)).any():
        unit = str(people.index[(counts < 0.0) | (counts > people * (1.0 + 1e-9))][0])
        raise StudyError("choose.floor_people", unit=unit, got=float(counts[unit]), people=float(people[unit]))
    share = (counts / people.where(people > 0.0)).fillna(0.0).clip(upper=1.0)
    return {str(unit): float(value) for unit, value in share.items()}
