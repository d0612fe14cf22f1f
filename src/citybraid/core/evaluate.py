"""Evaluate: how integrate re-runs the physics without knowing an engine or a store."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pandas as pd

from citybraid.core.model import MeasureParams, Model

GridRole = Literal["screening", "full"]
WHOLE_AREA = ""
"""Row of an effect table for the whole study area."""


@dataclass(frozen=True)
class Use:
    """A measure with its parameters: one member of a portfolio."""

    model: Model[Any, Any]
    params: MeasureParams

    @property
    def price_key(self) -> str:
        """The key of its price rows: the measure's name, and what its parameters make of it (new_stops/metro)."""
        return "/".join(filter(None, (self.model.name, self.params.priced_as)))


Portfolio = tuple[Use, ...]


class Evaluate(Protocol):
    """Run every strand with a portfolio and read the indicators.

    Returns a table: a row per planning unit id and one for the whole area (WHOLE), a
    column per indicator id, NaN where an indicator has no value in a unit.
    """

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        """Return the indicators under a portfolio."""
        ...

    def installed(self, portfolio: Portfolio) -> pd.DataFrame:
        """Return the quantity of every measure under a portfolio: a row per planning unit and one for the whole area.

        A column per quantity. Measures are placed at full resolution whatever the grid of the indicators, so that
        costs are those of the plan as it will be computed.
        """
        ...


class EvaluateInPart(Evaluate, Protocol):
    """Run only what some indicators are read from, or what takes no simulation of events."""

    def part(self, portfolio: Portfolio, names: Collection[str], *, grid: GridRole) -> pd.DataFrame:
        """Return some indicators under a portfolio; a column for each of them that can be computed."""
        ...

    def at_once(self, portfolio: Portfolio, names: Collection[str] | None = None) -> pd.DataFrame:
        """Return the indicators (all, or of those named) on the full grid that take no new simulation of events."""
        ...
