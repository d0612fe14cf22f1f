"""How planning units stand in their profiles: a table and a map of scores, and every mark in the appendix."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.wording.names import PlaceName
from citybraid.planning.profiles import shipped_profiles, totals
from citybraid.report.chapter import Block, Column, Figure, Paragraph, Table, Text, TextList, cells, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.labels import OF_UNITS
from citybraid.report.drawing.scene import Part, Scene, VectorPart
from citybraid.report.drawing.units import number
from citybraid.report.indicators import unit_text
from citybraid.report.levels.names import profile_title, unit_names
from citybraid.report.view import View, named

COLOURS = ("#b98bc9", "#f2c572", "#e08a74", "#8fbf8a", "#b9b4ac", "#7fb2d9", "#c9d66b", "#d49ab7")
EDGE = "#6b6b6b"
FIRST = ("industrial", "residential", "renewal", "ecological", "mixed")
"""Profiles that keep their colour from study to study."""


def score_blocks(view: View) -> Iterator[Block]:
    """Yield the table of scores and their map, then all marks for the appendix; nothing where units have no profile.

    Profiles that nobody states, taken from the use of land, are told in a sentence; their scores stand in the appendix.
    """
    tables = {name: table for name in view.run.alternatives if (table := view.run.table(f"scores/{name}")) is not None}
    shapes = view.shapes(view.base, "units")
    if not tables or shapes is None or all(table.empty for table in tables.values()):
        return
    units = [str(name) for name in shapes.index]
    summed = {name: totals(table, units).set_index("unit") for name, table in tables.items()}
    yield Paragraph(_lead(view, summed), "text")
    stated = bool(view.run.manifest.asked.profiles) or view.run.manifest.completeness.get("unit_profile", 1.0) >= 1.0
    scores = _scores(view, {name: summed[name] for name in view.ends if name in summed} or summed)
    yield from (replace(block, appendix=not stated) for block in (scores, score_map(view, summed, shapes)))
    for name in (each for each in view.ends if each in tables):
        yield _marks(view, name, tables[name])


def _lead(view: View, summed: Mapping[str, pd.DataFrame]) -> Text:
    first = summed[view.base] if view.base in summed else next(iter(summed.values()))
    counts = first["profile"].replace("", np.nan).dropna().value_counts()
    kinds = TextList(
        tuple(words("levels.of_kind", kind=profile_title(view, str(name)), count=int(n)) for name, n in counts.items()),
        ", ",
    )
    stated = view.run.manifest.completeness.get("unit_profile", 1.0)
    how = words("levels.profiles_stated" if stated >= 1.0 else "levels.profiles_by_land")
    own = view.run.manifest.asked.profiles
    taken = tuple(
        words("levels.counted_as", word=profile_title(view, word), kind=profile_title(view, name))
        for name, each in own.items()
        for word in each.words
        if word in shipped_profiles()
    )
    return TextList((words("levels.profiles", count=int(counts.sum()), kinds=kinds), how, *taken), " ")


def _scores(view: View, summed: Mapping[str, pd.DataFrame]) -> Table:
    first, names = next(iter(summed.values())), unit_names(view)
    last = summed[tuple(summed)[-1]]
    frame = pd.DataFrame(
        {
            "unit": cells(names.get(unit, unit) for unit in first.index),
            "profile": cells(profile_title(view, name) if name else "–" for name in first["profile"]),
            **{f"score/{name}": 100.0 * table["score"].to_numpy(float) for name, table in summed.items()},
            "missed": cells(
                f"{missed} / {of}" if of else "–" for missed, of in zip(last["missed"], last["thresholds"], strict=True)
            ),
            "judged": last["judged"].to_numpy(),
            "worst": cells(named("indicator", name) if name else "–" for name in last["worst"]),
        }
    )
    columns = [
        Column("unit", words("plan.unit")), Column("profile", words("levels.profile")),
        *(Column(f"score/{name}", words("levels.score", alternative=view.name(name)), "", 0) for name in summed),
        Column("missed", words("levels.missed")), Column("judged", words("levels.judged")),
        Column("worst", words("levels.worst")),
    ]  # fmt: skip
    return Table("unit_scores", words("levels.scores"), frame, columns, words("levels.scores_note"), most=15)


def _marks(view: View, alternative: str, table: pd.DataFrame) -> Table:
    names = unit_names(view)
    frame = pd.DataFrame(
        {
            "unit": cells(names.get(str(unit), str(unit)) for unit in table["unit"]),
            "profile": cells(profile_title(view, str(name)) for name in table["profile"]),
            "indicator": cells(named("indicator", str(name)) for name in table["indicator"]),
            "unit_of": cells(unit_text(view.unit_of(str(name))) for name in table["indicator"]),
            "value": table["value"].to_numpy(float), "threshold": table["threshold"].to_numpy(float),
            "basis": cells(words(f"levels_basis.{basis}") for basis in table["basis"]),
            "weight": table["weight"].to_numpy(float), "mark": 100.0 * table["mark"].to_numpy(float),
            "state": cells(words(f"plan.{state}") if state else "–" for state in table["state"]),
        }
    )  # fmt: skip
    columns = [
        Column("unit", words("plan.unit")), Column("profile", words("levels.profile")),
        Column("indicator", words("plan.indicator")), Column("unit_of", words("explorer.unit")),
        Column("value", words("levels.value"), told=True), Column("threshold", words("levels.threshold"), told=True),
        Column("basis", words("levels.basis")), Column("weight", words("levels.weight"), "", 2),
        Column("mark", words("levels.mark"), "", 0), Column("state", words("plan.state")),
    ]  # fmt: skip
    title = words("levels.marks", alternative=view.name(alternative))
    return Table(f"unit_marks_{alternative}", title, frame, columns, words("levels.marks_note"), most=20, printed=0,
                 appendix=True)  # fmt: skip


def score_map(view: View, summed: Mapping[str, pd.DataFrame], shapes: gpd.GeoSeries) -> Figure:
    """Return the map of units by category, with their scores in the first alternative."""
    alternative = next(iter(summed))
    table, names = summed[alternative], unit_names(view)
    kinds = [name for name in (*FIRST, *sorted(set(table["profile"]) - set(FIRST))) if name in set(table["profile"])]
    colours = {name: COLOURS[(FIRST.index(name) if name in FIRST else len(FIRST) + at) % len(COLOURS)]
               for at, name in enumerate(kinds)}  # fmt: skip
    parts: list[Part] = []
    for kind in kinds:
        own = [unit for unit in table.index if table["profile"][unit] == kind]
        labels = [_label(names.get(unit, unit), float(table["score"][unit])) for unit in own]
        parts.append(VectorPart([shapes.loc[unit] for unit in own], colours[kind] if kind else "#f3f1ec", EDGE, 0.8,
                                labels=labels, letters=OF_UNITS))  # fmt: skip
    scene = Scene(tuple(parts), view.bounds)  # drawn once for all languages

    def draw(language: str) -> Any:
        titles = [in_words(profile_title(view, kind), language) if kind else "–" for kind in kinds]
        sheet = Sheet(
            title=words("levels.map").say(language), project=in_words(view.title, language), language=language,
            alternative=in_words(view.name(alternative), language), source=words("levels.map_source").say(language),
            legend=[Entry(title, colours[kind]) for title, kind in zip(titles, kinds, strict=True)],
            legend_title=words("levels.profile").say(language),
            notes=[in_words(note, language) for note in (words("levels.map_note"), *view.notes)],
            synthetic=view.run.synthetic,
        )  # fmt: skip
        return draw_panels(sheet, [Panel("", scene)], bounds=view.bounds)

    return Figure("unit_scores", words("levels.map_caption", alternative=view.name(alternative)), draw)


def _label(name: str, score: float) -> str:
    if not np.isfinite(score):
        return name
    told = number(100.0 * score, digits=0)
    return name.within(lambda each: f"{each}: {told}") if isinstance(name, PlaceName) else f"{name}: {told}"
