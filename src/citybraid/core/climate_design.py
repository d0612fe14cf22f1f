"""Climate design: a strand's declaration of how hourly weather becomes that of another climate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from citybraid.core.var import Series, Var

Year = Mapping[str, Series]
"""Hourly series of a year by Var name."""
Changes = Mapping[str, float]
"""Changes of one scenario and horizon: `<month>/<quantity>` to value; a season or `year` stands for its months."""


@dataclass(frozen=True)
class ClimateDesign:
    """Weather that a changed climate changes, and how."""

    series: tuple[Var, ...]
    """Series that change together; the first must be there."""
    change: str
    """Factor of the changes: keys `<scenario>/<when>/<quantity>`, years the horizons that a row holds for."""
    units: Mapping[str, str]
    """Unit that rows of each quantity must have."""
    morph: Callable[[Year, Changes], Year]
    """Returns the changed series; raises InputError where changes are incomplete."""
    told: Callable[[Year, Year], Mapping[str, float]]
    """Returns numbers that tell what changed, from the series before and after."""
