"""The map of a special plan: jurisdictions within heavy borders, their towns by what a resident emits, on one scale."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from shapely import unary_union

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Figure, Quantity, Text, TextList, TranslatedText, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels, scale_legend
from citybraid.report.drawing.palettes import Scale, ramp, round_bounds
from citybraid.report.drawing.scene import Bounds, Part, Scene, VectorPart
from citybraid.report.indicators import unit_text
from citybraid.report.view import View, named
from citybraid.study.special.running import SpecialRun

BY_TOWN, DECIDING = "emissions_per_resident", "inventory_per_resident"
"""What colours the towns, and what stands on each jurisdiction: the inventory is made for whole jurisdictions alone."""
UNKNOWN, EDGE, BORDER = "#dddddd", "#8d8880", "#222222"
FINE, HEAVY = 0.3, 1.8
"""Width of the outlines of towns and of jurisdictions [pt]."""
LIGHT = 0.8
"""Share of the ramp that is used, so that what stands on the towns can be read."""
CLASSES = 8
"""Classes of the scale, about: towns of one jurisdiction differ by less than the largest and the least of all."""
MARGIN = 0.02
"""Room around all jurisdictions [share of the longer side]."""
SLIVER = 1.0
"""Gaps between towns that count as none [m]."""
LETTERS = 18.0
"""Type of what stands on a jurisdiction [pt]: two maps stand side by side on a page."""


def special_map(run: SpecialRun) -> Figure | None:
    """Return the map of emissions by town, the first and the last alternative side by side.

    None where a jurisdiction has no outlines of towns, or where none of its towns has a value.
    """
    names = tuple(dict.fromkeys((run.alternatives[0], run.alternatives[-1])))
    towns = {name: _towns(run, name) for name in names}
    if any(table is None for table in towns.values()):
        return None
    tables = {name: table for name, table in towns.items() if table is not None}
    bounds = round_bounds([table["value"].to_numpy(float) for table in tables.values()], CLASSES)
    scale = Scale(bounds, ramp("carbon", len(bounds) + 1, stretch=LIGHT))
    title = words("special_map.title", what=named("indicator", BY_TOWN))
    scenes = {name: Scene(_parts(run, name, table, scale), _extent(table)) for name, table in tables.items()}

    def draw(language: str) -> Any:
        panels = [
            Panel(_name(run, name, language), scenes[name], in_words(_seen(run, name, table), language))
            for name, table in tables.items()
        ]  # fmt: skip
        return draw_panels(_sheet(run, tables, scale, language), panels, bounds=_extent(tables[names[0]]))

    seen = [words("alt.panel", name=TranslatedText.of(run.title(name)), seen=_seen(run, name, table))
            for name, table in tables.items()]  # fmt: skip
    return Figure("special_map", title, draw, TextList(tuple(seen), " "))


def _towns(run: SpecialRun, alternative: str) -> pd.DataFrame | None:
    """Return the town of every row: its jurisdiction, its shape and its value, NaN where it has none."""
    parts: list[pd.DataFrame] = []
    for name, each in run.runs.items():
        view, table = View(each), each.table(f"units/{alternative}")
        shapes = view.shapes(view.base, "units")
        if table is None or BY_TOWN not in table or shapes is None:
            return None
        shapes.index = shapes.index.astype(str)
        values = table[BY_TOWN].drop(WHOLE_AREA).rename(index=str).reindex(shapes.index)
        if not np.isfinite(values).any():
            return None
        parts.append(pd.DataFrame({"jurisdiction": name, "shape": shapes.to_numpy(), "value": values.to_numpy(float)}))
    return pd.concat(parts, ignore_index=True)


def _parts(run: SpecialRun, alternative: str, towns: pd.DataFrame, scale: Scale) -> Sequence[Part]:
    fills = [UNKNOWN if colour is None else colour for colour in scale.hexes(towns["value"])]
    wholes = {
        name: unary_union([shape.buffer(SLIVER) for shape in rows["shape"]])
        for name, rows in towns.groupby("jurisdiction", sort=False)
    }
    # One drawing serves every language of a page: names stand in all of them.
    labels = [
        " ".join([*dict.fromkeys(each.title[one] for one in LANGUAGES), *_value(run, alternative, name)])
        for name, each in run.asked.jurisdictions.items()
    ]
    return (
        VectorPart(list(towns["shape"]), fills, EDGE, FINE),
        VectorPart(list(wholes.values()), None, BORDER, HEAVY, labels=labels, letters=LETTERS),
    )


def _value(run: SpecialRun, alternative: str, jurisdiction: str) -> tuple[str, ...]:
    """Return the whole inventory of a jurisdiction for each of its residents as a text; nothing where it has none."""
    table = run.joined.indicators
    own = table[table["alternative"] == alternative].set_index("jurisdiction")
    value = float(own[DECIDING][jurisdiction]) if DECIDING in own else np.nan
    return (f"{value:.2f}",) if np.isfinite(value) else ()


def _seen(run: SpecialRun, alternative: str, towns: pd.DataFrame) -> Text:
    """Return what is seen on a map, for readers who cannot see it: the range of the towns of each jurisdiction."""
    unit = indicators()[BY_TOWN].unit
    ranges = towns.groupby("jurisdiction", sort=False)["value"].agg(["min", "max"])
    parts = tuple(
        words(
            "special_map.seen", name=TranslatedText.of(each.title), value=" ".join(_value(run, alternative, name)),
            low=Quantity(float(ranges["min"][name]), "", 1), high=Quantity(float(ranges["max"][name]), unit, 1),
        )
        for name, each in run.asked.jurisdictions.items()
    )  # fmt: skip
    return TextList(parts, "; ")


def _sheet(run: SpecialRun, tables: Mapping[str, pd.DataFrame], scale: Scale, language: str) -> Sheet:
    legend = scale_legend(scale)
    if any(table["value"].isna().any() for table in tables.values()):
        legend.append(Entry(words("special_map.unknown").say(language), UNKNOWN))
    legend.append(Entry(words("special_map.border").say(language), BORDER, "outline"))
    several = words("map.side_by_side").say(language)
    name, unit = named("indicator", BY_TOWN), unit_text(indicators()[BY_TOWN].unit)
    return Sheet(
        title=in_words(words("special_map.title", what=name), language), language=language, legend=legend,
        project=in_words(TranslatedText.of(run.asked.special.title), language),
        alternative=several if len(tables) > 1 else _name(run, next(iter(tables)), language),
        source=words("special_map.source").say(language), legend_title=in_words(unit, language),
        notes=[words("special_map.note", what=named("indicator", DECIDING)).say(language)],
        synthetic=any(each.synthetic for each in run.runs.values()),
    )  # fmt: skip


def _name(run: SpecialRun, alternative: str, language: str) -> str:
    return in_words(TranslatedText.of(run.title(alternative)), language)


def _extent(towns: pd.DataFrame) -> Bounds:
    """Return the extent of all towns and a little room around them."""
    left, bottom, right, top = unary_union(list(towns["shape"])).bounds
    room = MARGIN * max(right - left, top - bottom)
    return Bounds(left - room, bottom - room, right + room, top + room)
