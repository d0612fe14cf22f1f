"""Place: the layers of the plan area in one state (existing, planned, or with measures)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from citybraid.core.layer import At, Layer


@dataclass(frozen=True)
class Place:
    """Layers by Var name. Immutable; `put` returns a new Place."""

    layers: Mapping[str, tuple[Layer, ...]] = field(default_factory=dict)

    def put(self, new: Iterable[Layer]) -> "Place":
        """Return a Place with these layers; they replace layers at the same labels and layers on other axes."""
        merged: dict[str, dict[At, Layer]] = {}
        for layer in new:
            merged.setdefault(layer.var.name, {})[layer.at] = layer
        for name, by_label in merged.items():
            axes = {_axes(at) for at in by_label}
            existing = {each.at: each for each in self.layers.get(name, ()) if _axes(each.at) in axes}
            merged[name] = {**existing, **by_label}
        placed = {name: tuple(by_label[at] for at in sorted(by_label, key=sorted)) for name, by_label in merged.items()}
        return Place({**self.layers, **placed})

    def without(self, names: Iterable[str]) -> "Place":
        """Return a Place without these Vars."""
        removed = set(names)
        return Place({name: layers for name, layers in self.layers.items() if name not in removed})

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the names of the Vars that are columns of this table."""
        return tuple(name for name, layers in self.layers.items() if layers[0].var.on == table)

    def one(self, name: str) -> Layer:
        """Return the only layer of a Var; raises KeyError where there is none or more than one."""
        layers = self.layers[name]
        if len(layers) != 1:
            raise KeyError(name)
        return layers[0]


def _axes(at: At) -> frozenset[str]:
    return frozenset(axis for axis, _ in at)
