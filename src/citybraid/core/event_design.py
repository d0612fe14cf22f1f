"""Event design: what a strand declares so that a study can make events of the words of its storms and events."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from citybraid.core.var import Var

Told = Mapping[str, Mapping[str, Any]]
"""Parameters that a study states, by model id."""


@dataclass(frozen=True)
class Stated:
    """The quantity that a word of an event states, and the factor whose row of the event's climate stands for it."""

    var: Var
    factor: str = ""


@dataclass(frozen=True)
class EventDesign:
    """Quantities behind the words of storms and events, and what an event cannot do without."""

    parts: Mapping[str, tuple[Var, ...]]
    """What each part of an event brings, by the word that names the part."""
    storm: Mapping[str, Var]
    """What the words of a design storm state."""
    stated: Mapping[str, Stated]
    """What the words of an event state themselves; a storm takes those that have a factor from its climate."""
    change: str
    """Factor of a changed climate: its keys are climates, its years the horizons they hold for."""
    limits: str
    """Factor that tells between which lengths and return periods a formula of design storms holds."""
    formula: str
    """Factor whose keys are the parts of a formula of design storms."""
    formula_keys: Callable[[Told, Collection[str]], tuple[str, ...]]
    """Returns the keys of the formula that design storms need under a study's parameters and without some models."""
    falling: tuple[Var, ...]
    """What falls where a file brings it, the usual one first."""
    beside: tuple[Var, ...]
    """What makes more of an event than what falls."""
    alone: Var
    """How often what falls comes, whatever comes with it."""
    together: Var
    """How often all of an event comes: what averages over years go by."""
    averaged: tuple[str, ...]
    """Tables whose losses are averaged over years."""
    entering: Var
    """A series that is nothing in events that have none, where others have one."""
    standing: Var
    """A level outside that may be a tide's."""
    at_tide: Callable[[Told], list[str]]
    """Returns the sides that parameters set to a river's level though they make the level of a tide."""
