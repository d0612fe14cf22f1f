"""The interactive map: every mapped quantity in every alternative, and each parcel's controls against their limits."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from citybraid.report.chapter import (
    SENTENCES,
    Chapter,
    Detail,
    Explorer,
    Fills,
    MapLayer,
    Picture,
    Shapes,
    Text,
    TextList,
    TranslatedText,
    words,
)
from citybraid.report.drawing.palettes import code_names, land_use_shades
from citybraid.report.drawing.units import PLAIN_DIGITS, brief, label, shown
from citybraid.report.sheets import Theme, legend_of, mapped, narrow_note, resolution_notes, themes
from citybraid.report.verdict.remedies import why_of
from citybraid.report.view import LANGUAGES, View, grid_bounds, named
from citybraid.report.water_works import COLOURS, WORKS, works_of

FAILED_MARK = "✕ "
CELL = ("computed", "limit", "state", "stated_text", "stated", "opposite")
"""Columns of a table of controls that make up a cell of the parcel's table."""
GROUPS = {"preparedness": "disaster.title", "export": "explorer.more"}
"""Texts over layers whose chapter has no title of its own."""
LINE, BLUNT = 1.5, 3.0
"""Width of a line of works on the page over that on sheets, and of works that sheets show by markers alone [pixel]."""


def chapter(view: View) -> Chapter:
    """Return the chapter of the interactive map; only the page shows it."""
    layers = [*_land_use(view), *_layers(view)]
    if not layers:
        return Chapter("map", words("explorer.title"), [])
    shapes = dict(_shapes(view))
    details = list(_details(view, shapes))
    explorer = Explorer(
        alternatives={name: view.name(name) for name in view.run.alternatives},
        bounds=view.bounds, layers=layers, shapes=shapes,
        details=details, reasons=_reasons(view), names=_names(view, shapes),
        how=_how(several=len(view.run.alternatives) > 1, parcels="parcels" in shapes),
    )  # fmt: skip
    return Chapter("map", words("explorer.title"), [explorer])


def _how(*, several: bool, parcels: bool) -> Text:
    """Say what can be chosen: alternatives where there are several, a parcel where there are parcels."""
    chosen = "explorer.how_several" if several else "explorer.how_one"
    parts = (words(chosen), *([words("explorer.how_parcel")] if parcels else ()))
    return TextList(parts, SENTENCES)


def _layers(view: View) -> Iterator[MapLayer]:
    """Yield the layers of the map; a quantity without any value, such as the way to a park where none is, has none."""
    for row in mapped():
        events = {event: None for name in view.run.alternatives for event in view.events(name, row.var)}
        for event in events if row.compare else [*events][-1:]:
            group = themes(view, row, view.run.alternatives, event)
            if any(np.isfinite(theme.values).any() for theme in group):
                yield _layer(group, f"{row.var}@{event}" if event else row.var, group_of(row.chapter))


def group_of(chapter_name: str) -> Text:
    """Return the heading over a chapter's layers in the list: the chapter's title."""
    return words(GROUPS.get(chapter_name, f"{chapter_name}.title"))


def _layer(group: list[Theme], name: str, heading: Text) -> MapLayer:
    first = group[0]
    unit = shown(first.layer.var.unit_with_gas).unit
    lines = [dict.fromkeys(LANGUAGES, entry.label) for entry in legend_of(first, "en")]
    for language in LANGUAGES:
        for line, entry in zip(lines, legend_of(first, language), strict=True):
            line[language] = entry.label
    legend: list[tuple[Text, str]] = [
        (TranslatedText(line), entry.colour) for line, entry in zip(lines, legend_of(first, "en"), strict=True)
    ]
    works = {work: None for theme in group for work in works_of(theme.view, theme.alternative, theme.layer)}
    legend += [(named("var", work.table), work.colour) for work in works]
    title = words(
        "explorer.layer_title",
        what=first.what,
        unit=TranslatedText({language: label(unit, language) for language in LANGUAGES}),
    )
    notes = (*narrow_note(first), *resolution_notes(first.view, first.alternative, first.layer))
    return MapLayer(
        name, title if label(unit, "en") else first.what, heading, legend,
        {theme.alternative: _content(theme) for theme in group}, TextList(notes) if notes else "",
    )  # fmt: skip


def _content(theme: Theme) -> Picture | Fills:
    if theme.shape == "raster" and theme.layer.grid is not None:
        return Picture(theme.values, grid_bounds(theme.layer.grid), theme.scale)
    return Fills(shapes_name(theme.view, theme.shape, theme.alternative), theme.scale.hexes(theme.values))


def _land_use(view: View) -> Iterator[MapLayer]:
    colours, by = land_use_shades(), dict[str, Picture | Fills]()
    present: set[str] = set()
    for name in view.run.alternatives:
        column = view.column(name, "land_use")
        shapes = view.shapes(name, "parcels")
        if column is not None and shapes is not None:
            codes = [str(code) for code in column.reindex(shapes.index)]
            present |= set(codes) & set(colours)
            by[name] = Fills(shapes_name(view, "parcels", name), [colours.get(code) for code in codes])
    if by:
        names = {language: code_names("land_use", language) for language in LANGUAGES}
        legend: list[tuple[Text, str]] = [
            (TranslatedText({language: f"{code} {names[language][code]}" for language in LANGUAGES}), colours[code])
            for code in sorted(present)
        ]
        yield MapLayer("land_use", words("map.land_use"), group_of("place"), legend, by)


def shapes_name(view: View, table: str, alternative: str) -> str:
    """Return the name of a table's shapes in an alternative: one name for all alternatives with the same shapes."""
    layer = view.layer(alternative, table)
    for name in view.run.alternatives:
        same = view.layer(name, table)
        if layer is not None and same is not None and same.key == layer.key:
            return table if name == view.base else f"{table}:{name}"
    return table


def _shapes(view: View) -> Iterator[tuple[str, Shapes]]:
    edges = {"parcels": "#8f8a82", "buildings": "#8b857d", "streets": "#b9b4ac"} | COLOURS
    widths = {work.table: LINE * work.width for work in WORKS}
    shown = {work.table for name in view.run.alternatives for work in works_of(view, name)}
    for table, edge in edges.items():
        if table in widths and table not in shown:
            continue
        for alternative in view.run.alternatives:
            geometry = view.shapes(alternative, table)
            name = shapes_name(view, table, alternative)
            if geometry is not None and (alternative == view.base or name != table):
                ids = [str(one) for one in geometry.index]
                yield (
                    name,
                    Shapes(ids, list(geometry), edge, _shown_in(view, table, name), widths.get(table, 1.0) or BLUNT),
                )


def _shown_in(view: View, table: str, name: str) -> tuple[str, ...]:
    return tuple(alternative for alternative in view.run.alternatives if shapes_name(view, table, alternative) == name)


def _names(view: View, shapes: Mapping[str, Shapes]) -> Mapping[str, str]:
    ids = shapes["parcels"].ids if "parcels" in shapes else ()
    return {parcel: view.parcel_name(parcel) for parcel in ids}


def _details(view: View, shapes: Mapping[str, Shapes]) -> Iterator[Detail]:
    if "parcels" not in shapes:
        return
    tables = {name: view.run.table(f"controls/{name}") for name in view.run.alternatives}
    indexed = {name: table.set_index(["control", "parcel"]) for name, table in tables.items() if table is not None}
    if not indexed:
        return
    first = next(iter(indexed.values()))
    for control in dict.fromkeys(first.index.get_level_values(0)):
        rows = {name: table.loc[control].reindex(shapes["parcels"].ids) for name, table in indexed.items()}
        if all((frame["state"] == "gap").all() for frame in rows.values()):
            continue
        unit = str(first.loc[control]["unit"].iloc[0])
        yield Detail(
            named("control", str(control)),
            {name: _cell_texts(frame) for name, frame in rows.items()},
            unit,
        )


def _cell_texts(rows: pd.DataFrame) -> list[str]:
    """Cells of the parcel's table: the computed value against its limit, else the plan's value."""
    blank = [None] * len(rows)
    columns = (rows[name].tolist() if name in rows else blank for name in CELL)
    return [_cell_text(*values) for values in zip(*columns, strict=True)]


def _cell_text(*cells: object) -> str:
    """Return the text of a cell from the values of CELL."""
    computed, limit, state, text, stated, opposite = cells
    value, bound, plan, other = _float(computed), _float(limit), _float(stated), _float(opposite)
    span = f"{_short(min(plan, other))}–{_short(max(plan, other))}" if math.isfinite(plan + other) else ""
    if math.isfinite(value):
        mark = FAILED_MARK if state == "failed" else ""
        against = f" / {span or _short(bound)}" if math.isfinite(bound) else ""
        return f"{mark}{_short(value)}{against}"
    if isinstance(text, str) and text:
        return text
    return span or (_short(plan) if math.isfinite(plan) else "–")


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _short(value: float) -> str:
    return brief(value, PLAIN_DIGITS)


def _reasons(view: View) -> Mapping[str, Text]:
    where = view.run.manifest.failing_in
    table: pd.DataFrame | None = None if where is None else view.run.table(f"controls/{where}")
    if table is None:
        return {}
    failed = table[table["state"] == "failed"].sort_values("excess", ascending=False, kind="stable")
    return {
        str(parcel): TextList(tuple(why_of(row) for row in rows.to_dict("records")))
        for parcel, rows in failed.groupby("parcel")
    }
