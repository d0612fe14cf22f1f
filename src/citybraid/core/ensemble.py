"""Ensemble design: what a strand declares so that a study can run a quantity many times and draw from the runs."""

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
    """Quantities multiplied by one row of a factor, at a level of its own spread; by 1 where there is no such row.

    `told` is the number that tells the models of the draws by how much.
    """

    quantities: tuple[Var, ...]
    factor: str
    key: str
    told: Var


@dataclass(frozen=True)
class Moved:
    """Every row of a factor moved to one level of its own spread; `told` tells the models of the draws which."""

    factor: str
    told: Var


@dataclass(frozen=True)
class EnsembleDesign:
    """A quantity that is run many times over what it is varied by, and the models that draw from the runs.

    A run is made for `quantity`; the models of the draws read it as `member`, along the axis of members. `drawn`
    draws each event from the runs, `averaged` all events together.
    """

    quantity: Var
    member: Var
    varied: tuple[Scaled | Moved, ...]
    drawn: Model[Any, Any]
    averaged: Model[Any, Any]
    alike: Mapping[str, str]
    """Models whose parameters a model of the draws takes over: {its id: theirs}."""
    event_draws: Var
    """Draws of an event."""
    annual_draws: Var
    """Draws of the average year."""
    error: Var
    """How far the draws of an event are off the runs they were fitted to."""
    first: Var
    """What each source explains alone."""
    total: Var
    """What each source explains with others."""
    certain: tuple[Var, ...]
    """What is drawn, as it is without an ensemble: of an event, and of the average year."""
    ranged: Mapping[str, Var]
    """Other quantities whose fewest and most among the runs are told, by a name for them."""
    independent: Callable[[int, int], NDArray[np.bool_]]
    """Tells which of so many draws of so many sources are drawn independently."""
    unvaried: Callable[[Mapping[str, Resolved]], tuple[str, ...]]
    """Returns the rows of the factors of the draws that do not say how they are spread."""
