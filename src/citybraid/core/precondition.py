"""What a costly model requires of its inputs beyond their presence, checked before anything runs, and what it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from citybraid.core.model import Model


@dataclass(frozen=True)
class Precondition:
    """A model, and a cheap function of some of its inputs that raises the PlanError that the model itself would raise.

    The function takes inputs by the model's own names; a table view may lack columns that are not computed yet. It is
    called only where all its inputs are known, and optional inputs that the study lacks are None.
    """

    model: Model[Any, Any]
    check: Callable[..., None]


@dataclass(frozen=True)
class FirstTick:
    """A costly model that has checked all its inputs when it first reports progress.

    A rehearsal starts it and ends it there.
    """

    model: Model[Any, Any]


@dataclass(frozen=True)
class Kept:
    """A costly model, and how many rasters of moments it keeps by its parameters: at most, where they do not tell."""

    model: Model[Any, Any]
    count: Callable[[Any], int]


@dataclass(frozen=True)
class Sweeps:
    """A costly model that goes over its whole grid again and again, and how often by what is known before it runs.

    The function takes the parameters `p`, the `grid` and inputs by the model's own names. An input that the study lacks
    or that is not computed yet is None: what then stands for it is the strand's to say.
    """

    model: Model[Any, Any]
    count: Callable[..., float]
