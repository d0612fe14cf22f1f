"""The map of a run: what it can show, the classes of a layer, and where shapes are looked up."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel

from citybraid.core.text import LANGUAGES
from citybraid.report.chapter import Text, in_words
from citybraid.report.drawing.units import label, shown
from citybraid.report.view import named
from citybraid.web.access.permits import Looking
from citybraid.web.maps.catalogue import RASTER, Chart, Quantity, chart_of
from citybraid.web.maps.cells import moments, place_of
from citybraid.web.maps.classes import classes_of
from citybraid.web.maps.extent import extent
from citybraid.web.maps.pyramid import closest_zoom
from citybraid.web.maps.shapes import CLOSEST, coarsest, kind_of
from citybraid.web.maps.tiles import water_of
from citybraid.web.studies.runs import open_run

router = APIRouter(tags=["map"])

Said = dict[str, str]


class ShapesState(BaseModel):
    """Shapes of a table in an alternative: id of its tiles, number of rows, kind, zooms of the tiles."""

    id: str
    count: int
    kind: str
    coarsest: int
    closest: int


class StateOfLayer(BaseModel):
    """A layer of a quantity: id, label of its event, and the event's name."""

    id: str
    label: str
    title: Said


class QuantityState(BaseModel):
    """A quantity: name, title, shown unit, strand, cells or table, whether the report maps it, layers."""

    name: str
    title: Said
    unit: Said
    strand: str
    shape: str
    main: bool
    hourly: bool
    layers: dict[str, list[StateOfLayer]]


class MapState(BaseModel):
    """What the map of a run can show."""

    bounds: tuple[float, float, float, float]
    """West, south, east and north [degree]."""
    alternatives: dict[str, Said]
    shapes: dict[str, dict[str, ShapesState]]
    """By alternative and table."""
    water: dict[str, str]
    """Layer that holds the water of each alternative."""
    quantities: list[QuantityState]
    notes: list[Said]
    """What every map of the study says of its data."""


class LegendEntry(BaseModel):
    """A class: its label and its colour."""

    label: Said
    colour: str


class LayerDetail(BaseModel):
    """How a layer is drawn, and where it comes from."""

    id: str
    name: str
    title: Said
    unit: Said
    legend: list[LegendEntry]
    palette: list[str]
    """The colour of each class, by its number."""
    closest: int
    """Zoom from which on a raster shows no more; 0 for columns."""
    moments: list[float]
    """Hours of a field [h]."""
    source: Said


@router.get("/api/studies/{study}/runs/{run}/map")
def map_state(permitted: Looking, run: str) -> MapState:
    """Return what the map of a run can show."""
    chart = chart_of(open_run(permitted.folder, run))
    names = chart.run.alternatives
    return MapState(
        bounds=extent(chart), alternatives={name: dict(chart.run.title(name)) for name in names},
        shapes={name: dict(_shapes(chart, name)) for name in names},
        water={name: layer for name in names if (layer := water_of(chart, name))},
        quantities=[_quantity(chart, each) for each in chart.quantities.values()],
        notes=[said(note) for note in chart.view.notes],
    )  # fmt: skip


@router.get("/api/studies/{study}/runs/{run}/layers/{layer}")
def layer_state(permitted: Looking, run: str, layer: str) -> LayerDetail:
    """Return how a layer is drawn: title, unit, classes, hours, source."""
    chart = chart_of(open_run(permitted.folder, run))
    layer_found = chart.found(layer)
    quantity, classes = layer_found.quantity, classes_of(chart, layer_found.quantity)
    value = chart.value(layer_found.layer) if quantity.shape == RASTER else None
    hours = [] if value is None else moments(value)
    closest = 0
    if value is not None:
        closest = closest_zoom(place_of(layer_found.layer, value), value.shape[-2:], chart.run.about.crs)
    return LayerDetail(
        id=layer, name=quantity.var.name, title=title_of(quantity), unit=unit_of(quantity),
        legend=[LegendEntry(label=dict(line.label), colour=line.colour) for line in classes.legend],
        palette=list(classes.colours), closest=closest, moments=hours,
        source=said(chart.view.source(layer_found.alternative, layer_found.layer)),
    )  # fmt: skip


def said(text: Text) -> Said:
    """Return a text in every language."""
    return {language: in_words(text, language) for language in LANGUAGES}


def title_of(quantity: Quantity) -> Said:
    """Return a quantity's name with a capital."""
    return {each: text[:1].upper() + text[1:] for each, text in said(named("var", quantity.var.name)).items()}


def unit_of(quantity: Quantity) -> Said:
    """Return the unit that a quantity is shown in."""
    unit = shown(quantity.var.unit_with_gas).unit
    return {language: label(unit, language) for language in LANGUAGES}


def _quantity(chart: Chart, quantity: Quantity) -> QuantityState:
    name = quantity.var.name
    return QuantityState(
        name=name, title=title_of(quantity), unit=unit_of(quantity), strand=quantity.strand, shape=quantity.shape,
        main=quantity.main, hourly=quantity.shape == RASTER and quantity.var.on == "field",
        layers={each: _layers(chart, each, name) for each in quantity.layers},
    )  # fmt: skip


def _layers(chart: Chart, alternative: str, name: str) -> list[StateOfLayer]:
    by_label: Mapping[str, object] = chart.quantities[name].layers[alternative]
    return [
        StateOfLayer(
            id=chart.quantities[name].layers[alternative][label].key, label=label,
            title=said(chart.view.event_name(alternative, label)),
        )
        for label in chart.view.events(alternative, name) if label in by_label
    ]  # fmt: skip


def _shapes(chart: Chart, alternative: str) -> list[tuple[str, ShapesState]]:
    made = []
    for table, by_alternative in chart.tables.items():
        layer, shapes = by_alternative.get(alternative), chart.shapes(alternative, table)
        if layer is None or shapes is None or not len(shapes):
            continue
        count = len(shapes)
        state = ShapesState(id=layer.key, count=count, kind=kind_of(shapes), coarsest=coarsest(count), closest=CLOSEST)
        made.append((table, state))
    return made
