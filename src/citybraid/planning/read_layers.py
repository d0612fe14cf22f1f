"""Layers of a Place that indicators and controls are read from."""

from collections.abc import Iterable

from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.planning.rows import Reading, controls, indicators, quantities_of
from citybraid.planning.zones import ASSUMED, Value, layer_read

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


def unread_events(place: Place, value: Value, readings: Iterable[Reading]) -> frozenset[str]:
    """Return the keys of the layers of events that no reading is of: nobody needs them for these numbers alone.

    `value` gives the return period of events: where a Step makes it, it must have run.
    """
    events = [
        (name, reading.event)
        for reading in readings
        for name in (*reading.var.split(), *reading.second.split())
        if name in place.layers
    ]
    read = {layer.key for name, event in events if (layer := layer_read(place, value, name, event)) is not None}
    of_events = {layer.key for name, _ in events for layer in place.layers[name] if layer.at}
    return frozenset(of_events - read)


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
