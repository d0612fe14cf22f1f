"""Pictures of answers on page one: places of a kind in one colour, units by rank, and a quantity on cells."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from citybraid.report.chapter import Figure, in_words, words
from citybraid.report.drawing.cartography import MapFigure
from citybraid.report.drawing.scene import VectorPart
from citybraid.report.levels.answer_map import BEST, MIDDLE, WORST, Kind, Under, kinds_map, sheet_map, units_map
from citybraid.report.levels.years_map import COLOURS, years_map
from citybraid.report.verdict.question import Answer
from citybraid.report.view import LANGUAGES, View
from citybraid.study.run.run import Run


def legend(figure: Figure, language: str = "en") -> list[tuple[str, str, str]]:
    drawn = figure.draw(language)
    assert isinstance(drawn, MapFigure)
    return [(entry.label, entry.colour, entry.kind) for entry in drawn.sheet.legend]


def test_the_legend_names_each_kind_that_has_places_in_its_own_sign(run: Run) -> None:
    view = View(run)
    kinds = [
        Kind("fields", "#aabbcc", [box(0, 0, 10, 10)]), Kind("nothing", "#000000", []),
        Kind("roads", "#112233", [LineString([(0, 0), (10, 10)])], width=2.0),
        Kind("crossings", "#445566", [Point(5, 5), Point(6, 6)], marker="o"),
    ]  # fmt: skip
    under = Under("habitat", "#b9d3a8", np.ones(run.grid.shape, np.bool_))
    figure = kinds_map(view, "shown", "Where it is", kinds, under=under)
    assert legend(figure) == [
        ("crossings", "#445566", "marker"), ("roads", "#112233", "line"), ("fields", "#aabbcc", "area"),
        ("habitat", "#b9d3a8", "area"),
    ]  # fmt: skip
    assert in_words(figure.alt, "en") == "Map of places by kind. crossings: 2, roads: 1, fields: 1."


class OfUnits(View):
    """A view of a run with six planning units without names."""

    def shapes(self, alternative: str, table: str) -> gpd.GeoSeries | None:
        if table != "units":
            return super().shapes(alternative, table)
        left, bottom = (float(each) for each in self.run.grid.boundingbox[:2])
        return gpd.GeoSeries([box(left + 10 * at, bottom, left + 10 * at + 10, bottom + 10) for at in range(6)],
                             index=list("abcdef"))  # fmt: skip


def test_units_that_the_words_name_are_the_darkest(run: Run) -> None:
    """Of six units, f has no rank; one is named, a third of the ranked come next, the others stay pale."""
    figure = units_map(OfUnits(run), "ranked", words("heat_water_trees.map"), ["c", "a", "b", "d", "e"], told=1)
    assert figure is not None
    assert [colour for _, colour, _ in legend(figure)] == [WORST, MIDDLE, BEST]
    assert in_words(figure.alt, "en").endswith("the worst 1, named above: 1, the next third: 1, others: 4.")
    assert "1" in legend(figure, "zh")[0][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quantity_on_cells_is_drawn_as_in_its_chapter(run: Run, language: str) -> None:
    figure = sheet_map(View(run), "shown", "max_depth")
    assert figure is not None
    assert figure.name == "answer_shown"
    assert not figure.appendix
    assert figure.draw(language) is not None


def of_one_kind(run: Run) -> Figure:
    return kinds_map(View(run), "alike", "All alike", [Kind("fields", "#aabbcc", [box(0, 0, 10, 10)])])


def test_a_map_of_a_single_class_leaves_page_one_to_the_next(run: Run) -> None:
    """Four units that all begin in 2026 were one red square on page one."""
    alike, depth = of_one_kind(run), sheet_map(View(run), "shown", "max_depth")
    assert depth is not None
    assert not alike.telling
    assert depth.telling
    shown = depth  # any figure will do for the table
    assert Answer([], shown, [None, alike, depth]).picture is depth
    assert Answer([], shown, [alike]).picture is None


def test_points_and_lines_tell_where_they_lie(run: Run) -> None:
    assert kinds_map(View(run), "where", "Where", [Kind("crossings", "#445566", [Point(5, 5)], marker="o")]).telling


WORKS = pd.DataFrame(
    {"measure": ["rain_garden", "cool_roof", "rain_garden"], "unit": ["a", "a", "b"], "start": [2026, 2026, 2027]}
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_years_are_maps_side_by_side_with_their_works_and_people(run: Run, language: str) -> None:
    figure = years_map(OfUnits(run), WORKS, {2026: 120.0, 2027: 80.0})
    assert figure is not None
    assert figure.telling
    drawn = figure.draw(language)
    assert isinstance(drawn, MapFigure)
    assert drawn.sheet.together
    assert [panel.name[:4] for panel in drawn.panels] == ["2026", "2027"]
    assert ["120" in drawn.panels[0].name, "80" in drawn.panels[1].name] == [True, True]
    first = drawn.panels[0].scene.parts[0]
    assert isinstance(first, VectorPart)
    assert isinstance(first, VectorPart)
    assert first.fill == [COLOURS[2], *[COLOURS[0]] * 5]
    roof = words("model.integrate.measures.cool_roof").say(language)
    assert [roof in label for label in first.labels] == [True, *[False] * 5]
    assert [entry.colour for entry in drawn.sheet.legend] == [COLOURS[2], COLOURS[1], COLOURS[0]]


def test_the_same_work_everywhere_in_one_year_tells_nothing(run: Run) -> None:
    works = pd.DataFrame({"measure": "cool_roof", "unit": list("abcdef"), "start": 2026})
    figure = years_map(OfUnits(run), works, {2026: 10.0})
    assert figure is not None
    assert not figure.telling
