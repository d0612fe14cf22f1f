"""Ensemble and band designs: a strand's declaration of a quantity to run many times, and what draws from the runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citybraid.core.factor import Factor, Resolved
from citybraid.core.model import Model
from citybraid.core.var import Var

Rows = Mapping[str, Factor]
"""Rows of a factor by key."""


@dataclass(frozen=True)
class Scaled:
    """Quantities scaled by one factor row at a level of its own distribution; by 1 where there is no such row.

    `told` is the Var by which the draw models read the scale.
    """

    quantities: tuple[Var, ...]
    factor: str
    key: str
    told: Var


@dataclass(frozen=True)
class LevelShift:
    """Every row of a factor set to one level of its own distribution; draw models read it as `told`."""

    factor: str
    told: Var


@dataclass(frozen=True)
class EnsembleDesign:
    """A quantity, the sources that its runs vary, and the models that draw from the runs.

    Each run computes `quantity`; the draw models read it as `member`, along the member axis. `drawn`
    draws each event from the runs, `averaged` the annual average.
    """

    quantity: Var
    member: Var
    varied: tuple[Scaled | LevelShift, ...]
    drawn: Model[Any, Any]
    averaged: Model[Any, Any]
    alike: Mapping[str, str]
    """Models whose parameters a draw model shares: {draw model id: other model id}."""
    event_draws: Var
    """Draws of an event."""
    annual_draws: Var
    """Draws of the annual average."""
    error: Var
    """Error of the draws of an event against the runs that they were fitted to."""
    first: Var
    """First-order Sobol index of each source."""
    total: Var
    """Total Sobol index of each source."""
    certain: tuple[Var, ...]
    """The drawn quantity without an ensemble: per event, and as annual average."""
    ranged: Mapping[str, Var]
    """Other quantities whose minimum and maximum among the runs are reported, by name."""
    independent: Callable[[int, int], NDArray[np.bool_]]
    """Returns a mask of the independent draws, for a number of draws and of sources."""
    unvaried: Callable[[Mapping[str, Resolved]], tuple[str, ...]]
    """Returns the factor rows of the draw models that state no distribution."""


@dataclass(frozen=True)
class BandDesign:
    """A number of the study area with a band from the ranges of its factors, and the column for a band per head."""

    quantity: Var
    per: Var
    spread: str
    """Factor whose rows state ranges of other factors: `FACTOR` or `FACTOR/PART of the key`, 1 in the middle.

    Rows in K are added, rows in 1 multiply.
    """
