"""Event and climate designs: how storms and events become layers, and weather that of another climate."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from citybraid.core.var import Series, Var

ModelParameters = Mapping[str, Mapping[str, Any]]
"""Parameters that a study states, by model id."""


@dataclass(frozen=True)
class StatedQuantity:
    """The quantity that an event entry states, and the factor whose row for the event's climate replaces it."""

    var: Var
    factor: str = ""


@dataclass(frozen=True)
class EventDesign:
    """Quantities behind storm and event entries, and those that every event needs."""

    parts: Mapping[str, tuple[Var, ...]]
    """Quantities of each part of an event, by entry."""
    storm: Mapping[str, Var]
    """Quantities of a design storm, by entry."""
    stated: Mapping[str, StatedQuantity]
    """Quantities that an event states itself, by entry; a storm takes those with a factor from its climate."""
    change: str
    """Factor of a changed climate: its keys are climates, its years the horizons they hold for."""
    limits: str
    """Factor with the valid durations and return periods of a storm formula."""
    formula: str
    """Factor whose keys are the coefficients of the storm formula."""
    formula_keys: Callable[[ModelParameters, Collection[str]], tuple[str, ...]]
    """Returns the keys of the formula that design storms need under a study's parameters and without some models."""
    falling: tuple[Var, ...]
    """Rain quantities from files, the usual one first."""
    beside: tuple[Var, ...]
    """Quantities that make an event compound, besides rain."""
    alone: Var
    """Return period of the rain alone."""
    together: Var
    """Joint return period of an event, over which annual averages are integrated."""
    averaged: tuple[str, ...]
    """Tables with annual average losses."""
    entering: Var
    """A series that is zero in events without one where others have one."""
    standing: Var
    """An outside water level that may be tidal."""
    at_tide: Callable[[ModelParameters], list[str]]
    """Returns the sides that parameters set to a river's level though they make the level of a tide."""


Year = Mapping[str, Series]
"""Hourly series of a year by Var name."""
Changes = Mapping[str, float]
"""Changes of one scenario and horizon: `<month>/<quantity>` to value; a season or `year` stands for its months."""


@dataclass(frozen=True)
class ClimateDesign:
    """Weather that a changed climate changes, and how."""

    series: tuple[Var, ...]
    """Series that change together; the first must be there."""
    kept: Mapping[str, Var]
    """The quantity under which the unchanged values of a series stay, by the name of the series."""
    change: str
    """Factor of the changes: keys `<scenario>/<when>/<quantity>`, years the horizons that a row holds for."""
    units: Mapping[str, str]
    """Unit that rows of each quantity must have."""
    morph: Callable[[Year, Changes], Year]
    """Returns the changed series; raises InputError where changes are incomplete."""
    warming: Callable[[Year, Year], Mapping[str, float]]
    """Returns numbers that tell what changed, from the series before and after."""
