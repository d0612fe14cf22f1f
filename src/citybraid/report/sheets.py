"""Map sheets of a run: a quantity in an alternative, and its change against another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray

from citybraid.core.land_cover import open_water
from citybraid.core.layer import Layer
from citybraid.core.rows.report import ReportMap
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.core.text import known
from citybraid.report.chapter import Figure, Paragraph, Sentence, Text, TextList, TranslatedText, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels, scale_legend
from citybraid.report.drawing.palettes import (
    NOISE,
    Scale,
    better,
    class_words,
    code_colours,
    code_names,
    diverging,
    has_codes,
    named_classes,
    scale_of,
    street_pixel,
)
from citybraid.report.drawing.scene import Part, RasterPart, Scene, VectorPart
from citybraid.report.drawing.units import brief, label, number, shown
from citybraid.report.view import LANGUAGES, View, grid_bounds, named
from citybraid.report.water_works import work_legend, work_parts, works_of

GROUND, GROUND_EDGE, HOUSE, HOUSE_EDGE, POND = "#f3f1ec", "#c4bfb6", "#cfcac4", "#9a948c", "#cfe3f1"
LINE, STREET = "#b9b4ac", 1.6
"""Colour of lines without a value, and width of those with one [pt]."""
LEAST_SEEN = 0.05
"""Share of a map's narrowest class below which a change would not be seen on it [-]."""
NOTHING = np.zeros(0)
"""No change: the themes have other shapes."""
TOLD = 5
"""Classes that a map's description names, the largest first."""
ALL_OF_IT = "100"
"""A map's share that is not worth a word."""
NEXT_TO_NOTHING = 1e-3
"""Share of a map's largest value below which another is told as 0."""
COARSER = 1.02
"""A file's pixel this much larger than a cell is noted on the map."""


class Mapped(NamedTuple):
    """A row of codes/report_maps.csv: a quantity that a chapter maps."""

    chapter: str
    var: str
    shape: str
    compare: bool
    body: bool = False


@cached_with_tables
def mapped() -> tuple[Mapped, ...]:
    """Return what is mapped, in order."""
    return tuple(Mapped(row.chapter, row.var, row.shape, row.compare, row.body) for row in read_table(ReportMap))


@dataclass(frozen=True)
class Theme:
    """A quantity in one alternative, ready to draw: values in the shown unit, on cells or on a table's shapes."""

    view: View
    alternative: str
    layer: Layer
    shape: str
    values: NDArray[np.float64]
    scale: Scale

    @cached_property
    def scene(self) -> Scene:
        """The map, drawn once for the sheets of every language."""
        return Scene(tuple(_parts(self)), self.view.bounds)

    @property
    def empty(self) -> bool:
        """Whether nothing would be coloured, or a single colour for the 0 of a quantity that there is nothing of."""
        coloured = self.classes >= 0
        return not bool(coloured.any() and (self.scale.codes or self.values[coloured].any()))

    @property
    def uniform(self) -> bool:
        """Whether every cell or shape would have the same colour, so that there is nothing to see."""
        return bool(self.classes.size and self.classes.min() >= 0 and self.classes.min() == self.classes.max())

    @cached_property
    def classes(self) -> NDArray[np.int16]:
        """The class of each value, -1 where nothing is coloured."""
        return self.scale.classes(self.values)

    @cached_property
    def spread(self) -> tuple[float, float, float]:
        """The least, the middle and the largest of the values that are coloured."""
        low, middle, high = np.percentile(self.values[self.classes >= 0], (0, 50, 100))
        return float(low), float(middle), float(high)

    def seen(self, language: str) -> str:
        """Return what is seen on the map: the share that is coloured, and the values there."""
        classes = self.classes
        coloured = classes >= 0
        if not coloured.any():
            return words("alt.empty").say(language)
        if self.scale.codes:
            sizes = np.bincount(classes[coloured], minlength=len(self.scale.codes)) / coloured.sum()
            names = [entry.label for entry in legend_of(self, language)]
            order = [int(at) for at in np.argsort(-sizes, kind="stable") if sizes[at] > 0.0][:TOLD]
            text = "alt.share_of_value" if all(name.isdigit() for name in names) else "alt.share"
            shares = [words(text, name=names[at], share=number(100.0 * float(sizes[at]), digits=0)) for at in order]
            listed, share = TextList(tuple(shares), ", "), number(100.0 * float(coloured.mean()), digits=0)
            return (listed if share == ALL_OF_IT else words("alt.classes", share=share, classes=listed)).say(language)
        most = max(abs(each) for each in self.spread)
        low, middle, high = (next_to(value, most) for value in self.spread)
        share = number(100.0 * float(coloured.mean()), digits=0)
        text = "alt.map_one" if low == high else "alt.map_low" if middle == low else "alt.map"
        unit = label(shown(self.layer.var.unit_with_gas).unit, language)
        unit = f" {unit}" if unit else ""
        return words(text, share=share, low=low, middle=middle, high=high, unit=unit).say(language)

    @property
    def what(self) -> Text:
        """The quantity's name, with the event where it has one."""
        name = Sentence(named("var", self.layer.var.name))
        if not self.layer.label:
            return name
        return words("map.title_event", what=name, event=self.view.event_name(self.alternative, self.layer.label))


def next_to(value: float, most: float) -> str:
    """Return a value of a map in three digits; 0 where it is no thousandth of the largest."""
    return brief(value if abs(value) >= NEXT_TO_NOTHING * most else 0.0)


def themes(view: View, row: Mapped, alternatives: Sequence[str], event: str | None = None) -> list[Theme]:
    """Return a quantity in several alternatives under one scale; alternatives that lack it are left out."""
    layers = {name: view.layer(name, row.var, event) for name in alternatives}
    values = {name: _values(view, name, layer, row.shape) for name, layer in layers.items() if layer is not None}
    if not values:
        return []
    of = (row.var, row.shape, event, *alternatives)
    if of not in view.scales:
        first = next(layer for layer in layers.values() if layer is not None)
        view.scales[of] = shared_scale(row.var, first, list(values.values()))
    return [
        Theme(view, name, layer, row.shape, values[name], view.scales[of])
        for name, layer in layers.items()
        if layer is not None
    ]


def map_blocks(view: View, row: Mapped) -> Iterator[Figure | Paragraph]:
    """Yield the sheets of a quantity: the first alternative, all side by side, and their changes against the first.

    An alternative with the same values as an earlier one is named in a sentence, not drawn again.
    """
    drawn: dict[str, Theme] = {}
    alike: dict[str, list[Text]] = {}
    for theme in themes(view, row, view.run.alternatives):
        if drawn.setdefault(theme.layer.key, theme) is not theme:
            alike.setdefault(theme.layer.key, []).append(words("annex.quoted", name=view.name(theme.alternative)))
    for key, names in alike.items():
        same = drawn[key]
        values = {"what": same.what, "these": TextList(tuple(names), ", "), "other": view.name(same.alternative)}
        yield Paragraph(words("map.unchanged", **values), appendix=not row.body)
    distinct = list(drawn.values())
    shown = [theme for theme in distinct if not theme.empty]
    if empty := [theme for theme in distinct if theme.empty]:
        where = TextList(tuple(words("annex.quoted", name=view.name(theme.alternative)) for theme in empty), ", ")
        yield Paragraph(words("map.nothing", what=empty[0].what, alternative=where), appendix=not row.body)
    if shown and all(theme.uniform for theme in shown):
        yield from (_one_colour_text(theme, body=row.body) for theme in shown)
    elif len(shown) == 1:
        yield replace(sheet_of(shown[0]), appendix=not row.body)
    elif shown:
        yield replace(_side_by_side(shown), appendix=not row.body)
        if row.compare:
            yield replace(sheet_of(shown[0], printed=False), appendix=True)
    if row.compare and len(distinct) > 1:
        yield from differences(distinct)


def _one_colour_text(theme: Theme, *, body: bool) -> Paragraph:
    """Return in words what a map of one colour would show."""
    seen = TranslatedText({language: theme.seen(language) for language in LANGUAGES})
    alternative = words("annex.quoted", name=theme.view.name(theme.alternative))
    return Paragraph(words("map.uniform", what=theme.what, alternative=alternative, seen=seen), appendix=not body)


def sheet_of(theme: Theme, *, printed: bool = True) -> Figure:
    """Return the map sheet of a theme."""
    caption = words("map.caption", what=theme.what, alternative=theme.view.name(theme.alternative))
    return Figure(
        f"{_name(theme)}_{theme.alternative}", caption, lambda language: _draw([theme], language), printed=printed
    )


def moments(
    view: View, alternative: str, variables: Sequence[str], names: Sequence[Text], *, title: Text, what: Text
) -> Figure | None:
    """Return quantities of one kind side by side under the first one's scale, None where the run lacks one of them."""
    rows = [Mapped("", var, "raster", compare=False) for var in variables]
    panels = [theme for row in rows for theme in themes(view, row, [alternative])]
    if len(panels) < len(variables) or any(panel.empty for panel in panels):
        return None
    event = next(theme.layer.label for theme in panels if theme.layer.label)
    full = words("map.title_event", what=title, event=view.event_name(alternative, event))
    scaled = [replace(theme, scale=panels[0].scale) for theme in panels]
    caption = words("map.caption", what=full, alternative=view.name(alternative))
    return Figure(
        f"{_name(scaled[1])}_moments",
        caption,
        lambda language: _draw(scaled, language, title=full, names=names, what=what),
        appendix=True,
    )


def _name(theme: Theme) -> str:
    return f"{theme.layer.var.name}{'_' + theme.layer.label if theme.layer.label else ''}"


def _side_by_side(maps: Sequence[Theme]) -> Figure:
    caption = words("map.caption", what=maps[0].what, alternative=words("map.side_by_side"))
    return Figure(f"{_name(maps[0])}_side_by_side", caption, lambda language: _draw(maps, language))


def differences(maps: Sequence[Theme]) -> Iterator[Figure | Paragraph]:
    """Yield a sheet of each theme's change against the first, all on one scale; only shapes that both have compare.

    Changes no larger than rounding, and those that the map itself would not show, are named in a sentence, not drawn.
    """
    first, difference_maps = maps[0], changed(maps)
    drawn = {theme.alternative for theme in difference_maps}
    noise, changes = _noise(maps), _changes(maps)
    for theme in maps[1:]:
        if theme.values.shape == first.values.shape and theme.alternative not in drawn:
            little = _size(changes[theme.alternative]) > noise
            none = words("map.little_change" if little else "map.no_change", what=first.what,
                         this=theme.view.name(theme.alternative), other=first.view.name(first.alternative))  # fmt: skip
            yield Paragraph(none, appendix=True)
    if not difference_maps:
        return
    title, against = change_titles(first)
    caption = words("map.caption", what=title, alternative=against)
    yield Figure(
        f"{_name(first)}_change",
        caption,
        lambda language: _draw(difference_maps, language, title=title, against=against),
        appendix=True,
    )


def change_titles(first: Theme) -> tuple[Text, Text]:
    """Return the titles of a sheet of changes: what changes, and against which alternative."""
    return words("map.difference", what=first.what), words("map.less", base=first.view.name(first.alternative))


def changed(maps: Sequence[Theme]) -> list[Theme]:
    """Return each theme's change against the first, on one scale, those left out that the map would not show."""
    first, changes = maps[0], _changes(maps)
    least = max(_noise(maps), LEAST_SEEN * _narrowest(first.scale))
    others = [theme for theme in maps[1:] if _size(changes.get(theme.alternative, NOTHING)) > least]
    if not others:
        return []
    scale = diverging([changes[theme.alternative] for theme in others], better(first.layer.var.name))
    return [replace(theme, values=changes[theme.alternative], scale=scale) for theme in others]


def _changes(maps: Sequence[Theme]) -> dict[str, NDArray[np.float64]]:
    """Return the change of each theme with the shapes of the first, by alternative."""
    first, floor = maps[0], maps[0].scale.floor or 0.0
    return {
        theme.alternative: _change(theme.values, first.values, floor if theme.layer.grid is not None else 0.0)
        for theme in maps[1:]
        if theme.values.shape == first.values.shape
    }


def _noise(maps: Sequence[Theme]) -> float:
    """Return the size of what rounding makes of the values."""
    return NOISE * max(_size(theme.values) for theme in maps)


def _narrowest(scale: Scale) -> float:
    """Return the width of the narrowest class between bounds, 0 where there are no two."""
    several = not scale.codes and len(scale.bounds) > 1
    return float(np.diff(scale.bounds).min(initial=math.inf)) if several else 0.0


def _size(values: NDArray[np.float64]) -> float:
    """Return the largest size of some values, 0 where there are none."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.max(initial=0.0))


def legend_of(theme: Theme, language: str) -> list[Entry]:
    """Return a theme's legend in a language."""
    if theme.scale.codes:
        names = dict(theme.layer.var.categories)
        var = theme.layer.var.name
        by_code = code_names(var, language) if has_codes(var) else {}
        return scale_legend(
            theme.scale, [by_code.get(str(code), names.get(code, str(code))) for code in theme.scale.codes]
        )
    lines = scale_legend(theme.scale)
    rows = class_words(theme.layer.var.name, theme.scale, language)[::-1]
    return [line._replace(label=f"{line.label} · {word}") for line, word in zip(lines, rows, strict=False)] or lines


def _values(view: View, alternative: str, layer: Layer, shape: str) -> NDArray[np.float64]:
    display = shown(layer.var.unit_with_gas)
    if shape == "raster":
        cells = view.raster(layer)
        as_stored = display.factor == 1.0 and display.offset == 0.0
        return cells if as_stored else cells * display.factor + display.offset
    shapes = view.shapes(alternative, shape)
    index = view.run.value(layer).index if shapes is None else shapes.index
    values: NDArray[np.float64] = view.run.value(layer).reindex(index).to_numpy(dtype=np.float64)
    return values * display.factor + display.offset


def shared_scale(var: str, layer: Layer, values: Sequence[NDArray[np.float64]]) -> Scale:
    """Return one scale for a quantity's values in the shown unit: named classes for codes, else class breaks."""
    if layer.var.kind == "int" and has_codes(var):
        codes = {int(code) for part in values for code in np.unique(part[np.isfinite(part)])}
        return named_classes(sorted(codes), {int(code): colour for code, colour in code_colours(var).items()})
    return scale_of(var, values, factor=shown(layer.var.unit_with_gas).factor)


def _change(after: NDArray[np.float64], before: NDArray[np.float64], floor: float) -> NDArray[np.float64]:
    """The change where either value is drawn; where only one exists, the other counts as 0 below a floor."""
    if not floor:
        return np.asarray(after - before, dtype=np.float64)
    high, low = np.nan_to_num(after), np.nan_to_num(before)
    return np.where((high >= floor) | (low >= floor), high - low, np.nan)


def _draw(
    maps: Sequence[Theme], language: str, *, title: Text = "", against: Text = "", names: Sequence[Text] = (),
    what: Text = "",
) -> Drawing:  # fmt: skip
    """A sheet of one theme, or of several side by side, each under its alternative or a name of its own."""
    several = len(maps) > 1 or bool(against)
    sheet = sheet_texts(maps, language, title=title, against=against, names=names, what=what)
    heads = names or [theme.view.name(theme.alternative) if several else "" for theme in maps]
    panels = [
        Panel(name, theme.scene, words("alt.panel", name=name, seen=seen).say(language) if name else seen)
        for head, theme in zip(heads, maps, strict=True)
        for name, seen in [(in_words(head, language), theme.seen(language))]
    ]
    return draw_panels(sheet, panels, bounds=maps[0].view.bounds)


def sheet_texts(
    maps: Sequence[Theme], language: str, *, title: Text = "", against: Text = "", names: Sequence[Text] = (),
    what: Text = "",
) -> Sheet:  # fmt: skip
    """Return all that is written on a sheet of some themes."""
    first, layer = maps[0], maps[-1].layer if names else maps[0].layer
    view = first.view
    works = {work: None for theme in maps for work in works_of(theme.view, theme.alternative, theme.layer)}
    legend = [*legend_of(first, language), *_backdrop_legend(first, language), *work_legend([*works], language)]
    unit = label(shown(layer.var.unit_with_gas).unit, language)
    name = in_words(Sentence(what or named("var", layer.var.name)), language)
    if against:
        name = in_words(words("map.difference", what=name), language)
    several = len(maps) > 1 or bool(against)
    gain = (words("map.gain"),) if against and better(layer.var.name) else ()
    notes = (*gain, *narrow_note(first), *_absence(layer), *resolution_notes(view, first.alternative, layer))
    return plain_sheet(
        view, first.alternative, language, title=title or first.what,
        against=against or (words("map.side_by_side") if several and not names else ""),
        source=in_words(view.source(first.alternative, layer), language), legend=legend,
        legend_title=in_words(words("explorer.layer_title", what=name, unit=unit), language) if unit else name,
        notes=[in_words(note, language) for note in notes],
    )  # fmt: skip


def _absence(layer: Layer) -> tuple[Text, ...]:
    """Return the meaning of uncoloured cells and the limits of the values, for quantities that have such texts."""
    texts = (f"map.absent.{layer.var.name}", f"map.limit.{layer.var.name}")
    return tuple(words(text) for text in texts if known(text))


def narrow_note(theme: Theme) -> tuple[Text, ...]:
    """Return the note on a map whose values hardly differ."""
    if theme.scale.narrow is None:
        return ()
    unit = theme.layer.var.unit_with_gas
    span = TranslatedText(
        {one: f"{number(float(f'{theme.scale.narrow:.2g}'))} {label(shown(unit).unit, one)}" for one in LANGUAGES}
    )
    return (words("map.narrow", span=span),)


def resolution_notes(view: View, alternative: str, layer: Layer) -> tuple[Text, ...]:
    """Return the notes on the pixel size of the files behind a map."""
    native = view.native(alternative, layer)
    if native is None or layer.grid is None:
        return ()
    limit, cell = street_pixel(layer.var.name), float(abs(layer.grid.resolution.x))
    if limit is not None and native > limit:
        return (words("map.street", native=round(native, 1)),)
    return (words("map.coarser", native=round(native, 1), shown=cell),) if native > COARSER * cell else ()


def plain_sheet(
    view: View, alternative: str, language: str, *, title: Text, source: str, legend: Sequence[Entry],
    legend_title: str = "", notes: Sequence[str] = (), against: Text = "",
) -> Sheet:  # fmt: skip
    """Return what is written on every sheet of the run: title, sources, legend, and its notes before the study's."""
    name, of_study = in_words(title, language), [in_words(note, language) for note in view.notes]
    return Sheet(
        title=name[:1].upper() + name[1:], project=in_words(view.title, language), language=language,
        alternative=in_words(against or view.name(alternative), language), source=source, legend=legend,
        legend_title=legend_title, notes=[*notes, *of_study], synthetic=view.run.synthetic,
    )  # fmt: skip


def _parts(theme: Theme) -> list[Part]:
    view, alternative = theme.view, theme.alternative
    parcels, houses = view.outlines(alternative, "parcels"), view.outlines(alternative, "buildings")
    ground = [VectorPart(parcels, GROUND, GROUND_EDGE)] if parcels is not None else []
    blocks = [VectorPart(houses, HOUSE, HOUSE_EDGE, 0.2)] if houses is not None else []
    if theme.shape == "raster" and theme.layer.grid is not None:
        box = grid_bounds(theme.layer.grid)
        cells = RasterPart(theme.values, box, theme.scale, alpha=0.92, known=theme.classes)
        outlines = [VectorPart(parcels, None, "#77736c", 0.25)] if parcels is not None else []
        covers = theme.layer.var.name in ("land_cover", "terrain")
        if covers:
            return [cells, *outlines]
        works = work_parts(view, alternative, theme.layer)
        return [*_water(view, alternative), *ground, cells, *blocks, *works]
    if theme.shape == "streets":
        return [*_water(view, alternative), *ground, *blocks, *_coloured_lines(theme)]
    shapes = view.outlines(alternative, theme.shape)
    filled = [] if shapes is None else [VectorPart(shapes, theme.scale.hexes(theme.values), "#6f6b65", 0.25)]
    under = blocks if theme.shape == "parcels" else []
    return [*_water(view, alternative), *(ground if theme.shape != "parcels" else []), *filled, *under]


def _coloured_lines(theme: Theme) -> Iterator[Part]:
    """Yield lines in the colour of their class, the highest class last; those without one thin and grey."""
    shapes = theme.view.shapes(theme.alternative, theme.shape)
    if shapes is None:
        return
    yield VectorPart(theme.view.outlines(theme.alternative, theme.shape) or shapes, None, LINE, 0.4)
    for place, colour in enumerate(theme.scale.colours):
        if (chosen := theme.classes == place).any():
            yield VectorPart(list(shapes[chosen]), None, colour, STREET)


def _water(view: View, alternative: str) -> list[Part]:
    layer = view.layer(alternative, "land_cover")
    if layer is None or layer.grid is None:
        return []
    return [RasterPart(view.raster(layer), grid_bounds(layer.grid), Scale((), (POND,), codes=open_water()))]


def _backdrop_legend(theme: Theme, language: str) -> list[Entry]:
    if theme.layer.var.name in ("land_cover", "terrain"):
        return []
    view, entries = theme.view, list[Entry]()
    if theme.shape != "buildings" and view.shapes(theme.alternative, "buildings") is not None:
        entries.append(Entry(words("map.building").say(language), HOUSE))
    if view.layer(theme.alternative, "land_cover") is not None:
        entries.append(Entry(words("map.water").say(language), POND))
    return entries
