"""Quantities of a run that a map can show: rasters, and columns of tables with shapes, by strand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import geopandas as gpd

from citybraid.core.layer import Layer
from citybraid.core.var import Var
from citybraid.report.drawing.palettes import has_codes
from citybraid.report.sheets import mapped
from citybraid.report.view import View
from citybraid.study.run.run import Run
from citybraid.web.access.refusals import NotFound
from citybraid.web.maps.at_hand import AtHand

VALUES = AtHand()
"""Values of every open run."""
RASTER = "raster"
STRANDS = ("lowcarbon", "resilience", "biodiversity", "integrate")
PLACE = "place"
"""The strand of what files say and models of no strand compute."""
NUMBERS = ("float", "int")
COVER = "land_cover"


@dataclass(frozen=True)
class Quantity:
    """A quantity on the map: cells or the table whose shapes it colours, strand, layers by alternative and label."""

    var: Var
    shape: str
    strand: str
    main: bool
    """Whether the report maps it too."""
    layers: Mapping[str, Mapping[str, Layer]]


@dataclass(frozen=True)
class Found:
    """A layer of a run by its id, with its quantity and an alternative that holds it."""

    quantity: Quantity
    alternative: str
    layer: Layer


@dataclass(frozen=True)
class Chart:
    """A run as the map reads it."""

    run: Run
    view: View = field(repr=False)

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """Quantities by name."""
        names = dict.fromkeys(name for each in self.view.layers.values() for name in each)
        made = ((name, self._quantity(name)) for name in names)
        return {name: quantity for name, quantity in made if quantity is not None}

    def _quantity(self, name: str) -> Quantity | None:
        layers = {alternative: each[name] for alternative, each in self.view.layers.items() if each.get(name)}
        first = next(iter(next(iter(layers.values())).values()))
        shape = self._shape(first)
        if not shape:
            return None
        row = next((row for row in mapped() if row.var == name), None)
        return Quantity(first.var, shape, self._strand(layers), row is not None, layers)

    def _shape(self, layer: Layer) -> str:
        var = layer.var
        if var.on in ("grid", "field"):
            return RASTER if var.kind in NUMBERS else ""
        drawn = var.kind in NUMBERS or (var.kind == "text" and has_codes(var.name))
        return var.on if drawn and var.on in self.tables else ""

    def _strand(self, layers: Mapping[str, Mapping[str, Layer]]) -> str:
        """Return the strand that computes a quantity; what files say is the place's, also where measures change it."""
        files = {home.key for home in self.run.homes}
        if any(layer.key in files for by_label in layers.values() for layer in by_label.values()):
            return PLACE
        for alternative, by_label in layers.items():
            for layer in by_label.values():
                step = self.view.makers[alternative].get(layer.key)
                if step is not None and (strand := step.model.partition(".")[0]) in STRANDS:
                    return strand
        return PLACE

    @cached_property
    def tables(self) -> Mapping[str, Mapping[str, Layer]]:
        """Layers of shapes by table and alternative."""
        tables_found: dict[str, dict[str, Layer]] = {}
        for alternative, each in self.view.layers.items():
            for name, by_label in each.items():
                if "" in by_label and by_label[""].var.kind == "geometry":
                    tables_found.setdefault(name, {})[alternative] = by_label[""]
        return tables_found

    @cached_property
    def _by_id(self) -> Mapping[str, Found]:
        return {entry.layer.key: entry for entry in self._all()}

    def _all(self) -> Iterator[Found]:
        for quantity in self.quantities.values():
            for alternative, by_label in quantity.layers.items():
                yield from (Found(quantity, alternative, layer) for layer in by_label.values())

    def found(self, layer: str) -> Found:
        """Return a layer by its id; raises NotFound where the run has none such."""
        if layer not in self._by_id:
            raise NotFound("web.no_layer")
        return self._by_id[layer]

    def table_of(self, shapes: str) -> tuple[str, Layer]:
        """Return the table and the layer of shapes by their id; raises NotFound where the run has none such."""
        for table, by_alternative in self.tables.items():
            for layer in by_alternative.values():
                if layer.key == shapes:
                    return table, layer
        raise NotFound("web.no_layer")

    def value(self, layer: Layer) -> Any:
        """Return a layer's value; those that were read lately are at hand."""
        return VALUES.get((Same(self.run), layer.key), lambda: self.run.store.get(layer.key))

    def shapes(self, alternative: str, table: str) -> gpd.GeoSeries | None:
        """Return the shapes of a table, None where the alternative has none."""
        layer = self.tables.get(table, {}).get(alternative)
        return None if layer is None else self.value(layer)


class Same:
    """A run as a key of what is kept in memory: equal to itself alone."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @property
    def chart(self) -> Chart:
        """The run as the map reads it."""
        return chart_of(self.run)

    def __hash__(self) -> int:
        return id(self.run)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.run is self.run


def chart_of(run: Run) -> Chart:
    """Return a run as the map reads it, kept while the run is open."""
    return _chart(Same(run))


@lru_cache(maxsize=16)
def _chart(same: Same) -> Chart:
    return Chart(same.run, View(same.run))
