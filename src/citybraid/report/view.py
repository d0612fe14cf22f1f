"""Read access to a run for chapters: alternatives, events, rasters, columns, shapes, and the lineage of values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.catalogue import method_page
from citybraid.core.currency import PLACEHOLDER, in_currency
from citybraid.core.layer import Layer
from citybraid.core.text import LANGUAGES as KNOWN
from citybraid.core.text import known, say
from citybraid.core.wording.names import ENDINGS, PlaceName, with_other_names
from citybraid.planning.rows import indicators
from citybraid.planning.zones import rasterized_zones
from citybraid.report.chapter import PlacedText, Text, TextList, TranslatedText, words
from citybraid.report.drawing.palettes import Scale
from citybraid.report.drawing.scene import Bounds, Outlines
from citybraid.study.open.schema import Event, Storm
from citybraid.study.plan.tiles import file_names
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.run import Run, StepRun

LANGUAGES = ("zh", *(language for language in KNOWN if language != "zh"))
"""Chinese first."""
UNITS_CUT = ("intake.units_made", "intake.units_cut")
"""Findings that say that the program made the planning units."""


@dataclass(frozen=True)
class View:
    """A run as chapters read it. `system` is the reader's unit system."""

    run: Run
    _outlines: dict[str, Outlines] = field(default_factory=dict, repr=False, compare=False)
    _cells: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)
    bases: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict, repr=False, compare=False)
    """Bases that were traced already, by alternative and quantities: chapters and annex ask for the same ones."""
    scales: dict[tuple[str | None, ...], Scale] = field(default_factory=dict, repr=False, compare=False)
    """Scales of quantities, by shape, event and alternatives: the page's map and the sheets share them."""
    insides: dict[tuple[str, ...], pd.Series | None] = field(default_factory=dict, repr=False, compare=False)
    """Which shapes lie in the study area, by the keys of the layers that tell: every event asks for the same ones."""
    _named: dict[tuple[str, ...], pd.Series] = field(default_factory=dict, repr=False, compare=False)
    """Columns with names in other languages, by the keys of their layers: each row of a table asks for a whole one."""

    @cached_property
    def layers(self) -> Mapping[str, Mapping[str, Mapping[str, Layer]]]:
        """Layers by alternative, Var name and label."""
        return {name: self.run.layers(name) for name in self.run.alternatives}

    @property
    def base(self) -> str:
        """The alternative that others are compared with: the first of the study."""
        return self.run.alternatives[0]

    @property
    def ends(self) -> tuple[str, ...]:
        """The first alternative and the last, which sentences of a chapter's body are about; tables hold all."""
        return tuple(dict.fromkeys((self.base, self.run.alternatives[-1])))

    @property
    def others(self) -> tuple[str, ...]:
        """The other alternatives."""
        return self.run.alternatives[1:]

    @property
    def title(self) -> Text:
        """Title of the study."""
        return TranslatedText.of(self.run.about.title)

    def money(self, unit: str = PLACEHOLDER) -> str:
        """Return a unit of money in the run's currency."""
        return in_currency(unit, self.run.currency)

    def unit_of(self, indicator: str) -> str:
        """Return the unit of an indicator, money in the run's currency."""
        return self.money(indicators()[indicator].unit)

    def name(self, alternative: str) -> Text:
        """Title of an alternative."""
        return TranslatedText(self.run.title(alternative))

    @cached_property
    def bounds(self) -> Bounds:
        """The extent that maps show: the study area's, else the parcels', else the grid's, with a margin of 1 %."""
        for table in ("study_area", "parcels"):
            shapes = self.shapes(self.base, table)
            if shapes is not None and len(shapes):
                left, bottom, right, top = (float(value) for value in shapes.total_bounds)
                margin = 0.01 * max(right - left, top - bottom)
                return Bounds(left - margin, bottom - margin, right + margin, top + margin)
        return grid_bounds(self.run.grid)

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """The cells of the study area; of the planning units, else the parcels, else all without one."""
        for table in ("study_area", "units", "parcels"):
            shapes = self.shapes(self.base, table)
            if shapes is not None and len(shapes):
                return rasterized_zones(shapes.to_numpy(), self.run.grid) >= 0
        return np.ones(tuple(self.run.grid.shape), dtype=np.bool_)

    def layer(self, alternative: str, var: str, label: str | None = None) -> Layer | None:
        """Return a layer; where it has events and none is named, that of the longest return period; None if absent."""
        by_event = self.layers[alternative].get(var, {})
        if not by_event:
            return None
        if label is not None:
            return by_event.get(label)
        return by_event[max(by_event, key=lambda event: (self.return_period(alternative, event), event))]

    def events(self, alternative: str, var: str) -> Sequence[str]:
        """Return the labels that a quantity has, by return period; '' for one without events."""
        by_event = self.layers[alternative].get(var, {})
        return sorted(by_event, key=lambda event: (self.return_period(alternative, event), event))

    def return_period(self, alternative: str, event: str) -> float:
        """Return an event's return period [year], 0 where the run has none."""
        layer = self.layers[alternative].get("return_period", {}).get(event)
        return 0.0 if layer is None else float(self.run.value(layer))

    def event_name(self, alternative: str, event: str) -> Text:
        """Return the display name of an event: the study's title, else return period, kind's name, or label in quotes.

        One of another climate, which counts in no average year and so has no return period in the run, is named by the
        one that the study states, with the climate and its year.
        """
        years = self.return_period(alternative, event)
        stated = self.stated_events.get(event)
        climate = stated is not None and bool(stated.horizon)
        if stated is not None and climate and not years:
            years = stated.return_period or 0.0
        title = self.run.manifest.asked.event_titles.get(event)
        name = words("event.return_period", years=years) if years else self._kind_of_event(event)
        name = name if title is None else TranslatedText.of(title)
        if stated is None or not climate:
            return name
        return words("event.of_climate", event=name, climate=stated.climate, year=str(stated.horizon))

    @staticmethod
    def _kind_of_event(event: str) -> Text:
        if not event:
            return ""
        return words(f"event.{event}") if known(f"event.{event}") else words("event.other", label=event)

    @cached_property
    def stated_events(self) -> Mapping[str, Storm | Event]:
        """Storms and compound events that the study states, by label."""
        settings = self.run.manifest.asked
        return {**{each.label: each for each in settings.storms}, **{each.label: each for each in settings.events}}

    def raster(self, layer: Layer) -> NDArray[np.float64]:
        """Return a raster's values, NaN where there is none."""
        if layer.key not in self._cells:
            values = np.asarray(self.run.value(layer), dtype=np.float64)
            self._cells[layer.key] = np.where(values == 0, np.nan, values) if layer.var.kind == "int" else values
        return self._cells[layer.key]

    def column(self, alternative: str, var: str) -> pd.Series | None:
        """Return a column, None where the run has none; names come with those in other languages."""
        layer = self.layer(alternative, var)
        if layer is None:
            return None
        others = {language: self.layer(alternative, f"{var}{ending}") for language, ending in ENDINGS.items()}
        named_in = {language: other for language, other in others.items() if other is not None}
        values: pd.Series = self.run.value(layer)
        if not named_in:
            return values
        keys = (layer.key, *(part for language, other in named_in.items() for part in (language, other.key)))
        if keys not in self._named:
            known_names = {language: self.run.value(other) for language, other in named_in.items()}
            self._named[keys] = with_other_names(values, known_names)
        return self._named[keys]

    def shapes(self, alternative: str, table: str) -> gpd.GeoSeries | None:
        """Return a table's shapes, None where the run has none."""
        layer = self.layer(alternative, table)
        return None if layer is None else self.run.value(layer)

    def outlines(self, alternative: str, table: str) -> Outlines | None:
        """Return a table's shapes ready to draw, None where the run has none; made once for all maps."""
        layer = self.layer(alternative, table)
        if layer is None:
            return None
        if layer.key not in self._outlines:
            self._outlines[layer.key] = Outlines.of(self.run.value(layer))
        return self._outlines[layer.key]

    def number(self, alternative: str, var: str) -> float | None:
        """Return a single number, None where the run has none."""
        layer = self.layer(alternative, var)
        return None if layer is None else float(self.run.value(layer))

    def frame(self, alternative: str, table: str) -> gpd.GeoDataFrame | None:
        """Return a table with its shapes and every column that has no events."""
        shapes = self.shapes(alternative, table)
        if shapes is None:
            return None
        columns = {
            name: self.run.value(by_event[""]).reindex(shapes.index)
            for name, by_event in self.layers[alternative].items()
            if "" in by_event and by_event[""].var.on == table and by_event[""].var.kind != "geometry"
        }
        return gpd.GeoDataFrame(columns, geometry=shapes, index=shapes.index, crs=shapes.crs)

    def parcel_name(self, parcel: str) -> str:
        """Return a parcel's plot number, else its id."""
        return self._plot_numbers.get(parcel, parcel)

    @cached_property
    def _plot_numbers(self) -> Mapping[str, str]:
        """The plot number of each parcel that has one."""
        numbers = self.column(self.base, "plot_number")
        texts = {} if numbers is None else {str(parcel): str(number or "") for parcel, number in numbers.items()}
        return {parcel: number for parcel, number in texts.items() if number not in ("", "nan", "None")}

    def parcel_link(self, parcel: str) -> Text:
        """Return a parcel's name as a text that pages link to its place on the map."""
        return PlacedText(self.parcel_name(parcel), parcel)

    def street(self, alternative: str, street: str) -> str:
        """Return a street's name and its id, which tells its sections apart; the id alone where it has no name."""
        names = self.column(alternative, "street_name")
        name = None if names is None else names.get(street)
        if isinstance(name, PlaceName):
            return name.within(lambda each: f"{each} ({street})")
        return f"{name} ({street})" if isinstance(name, str) and name else street

    @cached_property
    def makers(self) -> Mapping[str, Mapping[str, StepRun]]:
        """The Step that made each key, by alternative."""
        return {
            name: {key: step for step in self.run.steps(name) for key in step.makes} for name in self.run.alternatives
        }

    @cached_property
    def factor_rows(self) -> Mapping[str, Mapping[tuple[str, ...], FactorRow]]:
        """Factor rows that each Step used, by the Step's key, each row once by its identity."""
        steps = {step.key: step for made in self.makers.values() for step in made.values()}
        return {
            key: {
                (row.factor, row.key, row.region, str(row.value)): row for rows in step.factors.values() for row in rows
            }
            for key, step in steps.items()
        }

    def behind(self, alternative: str, keys: Iterable[str]) -> Iterator[tuple[str, StepRun | None]]:
        """Yield every key upstream of some keys, themselves first, each once, with its Step (None: an input)."""
        visited, pending = set[str](), [*keys]
        while pending:
            key = pending.pop()
            if key not in visited:
                visited.add(key)
                step = self.makers[alternative].get(key)
                pending += step.reads if step else ()
                yield key, step

    def names(self, alternative: str) -> Mapping[str, str]:
        """Return the name of the quantity that each key holds: the alternative's own, and what files and study state.

        An input that an alternative changes is none of its own layers any more, and still what its values rest on.
        """
        return self._names[alternative]

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        stated = {home.key: home.var.name for home in self.run.homes}
        return {
            alternative: stated | {layer.key: name for name, labels in layers.items() for layer in labels.values()}
            for alternative, layers in self.layers.items()
        }

    def upstream_inputs(self, alternative: str, layer: Layer) -> Mapping[str, str]:
        """Return the inputs from files or the study upstream of a value: {key: Var name}."""
        names = self.names(alternative)
        steps = self.behind(alternative, [layer.key])
        return {key: names[key] for key, step in steps if step is None and key in names}

    def origins(self, alternative: str, layer: Layer) -> tuple[str, ...]:
        """Return the entries of the study's files that a value is derived from."""
        origin = self.run.manifest.origin
        return tuple(
            sorted(
                {file for name in self.upstream_inputs(alternative, layer).values() for file in origin.get(name, ())}
            )
        )

    def file_names(self, entries: Sequence[str]) -> TextList:
        """Return display names of entries of the study's files, each once: the file names, else the quantities'."""
        files = self.run.manifest.asked.files
        names: list[Text] = []
        for entry in entries:
            names += file_names(files[entry]) if entry in files else [named("var", entry)]
        return TextList(tuple(each for at, each in enumerate(names) if each not in names[:at]), ", ")

    def native(self, alternative: str, layer: Layer) -> float | None:
        """Return the coarsest pixel [m] of the raster files behind a value, None where there is none.

        A cover composed of several files has cells, not pixels of its own: it does not count.
        """
        origin, homes = self.run.manifest.origin, self.upstream_inputs(alternative, layer)
        pixels = [
            pixel
            for key, name in homes.items()
            if len(origin.get(name, ())) == 1 and (pixel := self.run.manifest.native.get(key)) is not None
        ]
        return float(max(pixels)) if pixels else self.run.native(layer)

    def source(self, alternative: str, layer: Layer) -> Text:
        """Return the sources for a map's title block: the model, its version and the files behind it."""
        step = self.makers[alternative].get(layer.key)
        files = words("map.files", files=self.file_names(self.origins(alternative, layer)))
        if step is None:
            return files
        return TextList((words("map.model", model=model_title(step.model), version=step.version), files))

    @property
    def notes(self) -> tuple[Text, ...]:
        """Notes for every map of the study."""
        note = self.run.about.note
        cut = (words("levels.units_note"),) if self.units_cut else ()
        return (*((TranslatedText.of(note),) if note else ()), *cut)

    @property
    def units_cut(self) -> bool:
        """Whether the program cut the planning units, because no file brings them."""
        return any(finding.text in UNITS_CUT for finding in self.run.findings)


def grid_bounds(grid: Any) -> Bounds:
    """Return a grid's extent."""
    box = grid.extent.boundingbox
    return Bounds(float(box.left), float(box.bottom), float(box.right), float(box.top))


def model_title(model: str) -> Text:
    """Return a model's title, its id where the catalogue has none."""
    return named("model", model)


def region_title(code: str) -> Text:
    """Return the name of a region of factors with its code, by that of the region it lies in; the code without one."""
    parts = code.split("-")
    names = (f"web.region.{'-'.join(parts[:end])}" for end in range(len(parts), 0, -1))
    text = next((name for name in names if known(name)), None)
    return words("region.named", name=words(text), code=code) if text is not None else code or "–"


def page_name(model: str) -> Text:
    """Return the file of a model's method page in the documentation, a dash for a Step of no model."""
    return TranslatedText({language: method_page(model, language) or "–" for language in KNOWN})


def measure_title(measure: str) -> Text:
    """Return a measure's title."""
    return model_title(f"integrate.measures.{measure}")


def measure_unit(measure: str, unit: str) -> str:
    """Return the unit of a measure's quantity: what it counts, such as trees, where the quantity has no unit."""
    return measure if unit in {"", "1", "count"} and known(f"unit.{measure}") else unit


def need_title(need: str) -> Text:
    """Return the name of what a model needs: a quantity, or a parameter of a model that the study must state."""
    kind, _, path = need.partition(":")
    if kind == "factor":
        return words("gap.factor", factor=named("factor", path))
    if kind != "parameter":
        return named("var", need)
    model, _, name = path.rpartition(".")
    return words("gap.parameter", parameter=named("parameter", name), model=model_title(model))


def named(group: str, name: str) -> Text:
    """Return the name of a quantity, a control, an indicator, a measure: its catalogue text, else the id itself."""
    text = f"{group}.{name}"
    return TranslatedText({language: say(text, language) for language in LANGUAGES}) if known(text) else name
