"""Layers of a Place that indicators and controls are read from."""

from collections.abc import Iterable

from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.planning.rows import controls, indicators, quantities_of
from citybraid.planning.zones import ASSUMED

ALWAYS = ("units", "parcels", "study_area", "return_period")
"""Quantities behind every table of zones: its shapes, the whole area, and which event is the worst."""


def control_layers(place: Place, names: Iterable[str] | None = None) -> tuple[Layer, ...]:
    """Return the layers that all controls, or those named, are read from, with the tables that they are columns of."""
    selected = controls() if names is None else names
    return _layers(place, {name for control in selected for name in _quantities(control)})


def indicator_layers(place: Place, names: Iterable[str] | None = None) -> tuple[Layer, ...]:
    """Return the layers that all indicators, or those named, are read from, with the tables they are columns of."""
    selected = indicators() if names is None else names
    return _layers(place, {name for indicator in selected for name in quantities_of(indicator)})


def _quantities(name: str) -> set[str]:
    control = controls()[name]
    read = set[str]()
    if control.reading is not None:
        read = {*control.reading.var.split(), *control.reading.second.split()}
    return {control.stated, control.opposite} | read


def _layers(place: Place, names: Iterable[str]) -> tuple[Layer, ...]:
    wanted = {*ALWAYS, *names}
    wanted |= {f"{ASSUMED}{name}" for name in wanted}
    wanted |= {layer.var.on for name in wanted for layer in place.layers.get(name, ())}
    return tuple(layer for name in sorted(wanted - {""}) for layer in place.layers.get(name, ()))
