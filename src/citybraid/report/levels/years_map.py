"""The map of a plan's years on page one: one panel a year, with what begins in which unit and who lives there."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from citybraid.core.wording.names import in_own_language
from citybraid.report.chapter import Figure, Quantity, Text, TextList, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.scene import Part, Scene, VectorPart
from citybraid.report.levels.answer_map import EDGE, GROUND
from citybraid.report.levels.names import unit_names
from citybraid.report.view import View, measure_title

COLOURS = (GROUND, "#fbe3b0", "#f2b56b", "#d9783f")
"""Units by the number of works that begin in a year: none, one, two, more."""
BEGUN = "phased_renewal.begin_"
"""Id of the text of a class, up to its number."""
LETTERS = 16.0
"""Largest type of names and works [pt]: a page shows three of the maps side by side."""


def years_map(view: View, started: pd.DataFrame, living: Mapping[int, float]) -> Figure | None:
    """Return a map for each year in which works begin, None without outlines of units.

    `started` is works by measure, unit and year of start, `living` the residents of the units where they go on.
    """
    shapes = view.shapes(view.base, "units")
    if shapes is None:
        return None
    years = sorted(living)
    counts = {year: _counts(started, shapes, year) for year in years}
    seen = sorted({int(count) for each in counts.values() for count in each})

    def draw(language: str) -> Any:
        panels = [
            Panel(
                words("phased_renewal.year", year=str(year), living=_people(living[year])).say(language),
                _scene(view, shapes, started[started["start"] == year], counts[year], language),
                in_words(_works_text(view, started[started["start"] == year]), language),
            )
            for year in years
        ]  # fmt: skip
        legend = [Entry(words(f"{BEGUN}{each}").say(language), COLOURS[each]) for each in seen]
        sheet = Sheet(
            title=words("phased_renewal.map").say(language), project=in_words(view.title, language), language=language,
            alternative="", source=words("answer_map.source").say(language), legend=legend[::-1],
            notes=[in_words(note, language) for note in view.notes], synthetic=view.run.synthetic, together=True,
        )  # fmt: skip
        return draw_panels(sheet, panels, bounds=view.bounds)

    begun = {year: _works_text(view, started[started["start"] == year]) for year in years}
    alt = TextList(
        tuple(words("phased_renewal.begun", year=str(year), works=works) for year, works in begun.items()), " "
    )
    return Figure(
        "answer_phased_renewal", words("phased_renewal.map"), draw, alt, telling=len(seen) > 1 or len(years) > 1
    )


def _people(count: float) -> Quantity:
    return Quantity(count, "person", 0)


def _counts(started: pd.DataFrame, shapes: gpd.GeoSeries, year: int) -> list[int]:
    """Return how many works begin in each unit in a year, by class of colour."""
    own = started[started["start"] == year].groupby(started["unit"].astype(str))["measure"].nunique()
    return [min(int(own.get(str(unit), 0)), len(COLOURS) - 1) for unit in shapes.index]


def _scene(view: View, shapes: gpd.GeoSeries, works: pd.DataFrame, counts: list[int], language: str) -> Scene:
    """Return the map of a year: units with the works that begin there, one a line below the unit's name."""
    names, by_unit = unit_names(view), works.groupby(works["unit"].astype(str))["measure"]
    begun = {str(unit): list(dict.fromkeys(own.astype(str))) for unit, own in by_unit}
    labels = [
        "\n".join([
            in_own_language(names.get(str(unit), str(unit)), language),
            *(in_words(measure_title(measure), language) for measure in begun.get(str(unit), ())),
        ])
        for unit in shapes.index
    ]  # fmt: skip
    fills = [COLOURS[count] for count in counts]
    parts: list[Part] = [VectorPart(list(shapes), fills, EDGE, 0.8, labels=labels, letters=LETTERS)]
    return Scene(tuple(parts), view.bounds)


def _works_text(view: View, works: pd.DataFrame) -> Text:
    """Return the works of a year with their units."""
    names = unit_names(view)
    parts = [
        words("phased_renewal.work", measure=measure_title(str(measure)),
              places=TextList(tuple(names.get(str(unit), str(unit)) for unit in own["unit"]), ", "))
        for measure, own in works.groupby("measure", sort=False)
    ]  # fmt: skip
    return TextList(tuple(parts))
