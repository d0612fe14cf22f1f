"""Figures of a plan's table against the plan above and its own layers."""

import math

import pytest

from citybraid.core.errors import PlanError
from citybraid.planning.review.figures import PlanFigure, figure_table, review_checks
from citybraid.study.open.plan_figures import FigureEntry, figure_problems, figures_of

NAN = math.nan


def entry(indicator: str, unit: str, *, stated: float | None = None, handed_down: float | None = None) -> FigureEntry:
    return FigureEntry(indicator=indicator, unit=unit, stated=stated, handed_down=handed_down)


@pytest.mark.parametrize(
    ("figure", "layers", "above", "below"),
    [
        (PlanFigure("cultivated_land", 0.136, 0.13), 0.1361, "passed", "passed"),
        (PlanFigure("cultivated_land", 0.11, 0.13), 0.1361, "failed", "passed"),
        (PlanFigure("cultivated_land", 0.121, 0.13), 0.12, "passed", "passed"),  # within 1 ha
        (PlanFigure("cultivated_land", 0.16, 0.13), 0.1361, "passed", "failed"),
        (PlanFigure("cultivated_land", NAN, 0.13), 0.1361, "", ""),
        (PlanFigure("cultivated_land", 0.136, NAN), NAN, "", ""),
        (PlanFigure("water_use", 2.0, 1.9), NAN, "failed", ""),
        (PlanFigure("water_use", 1.8, 1.9), NAN, "passed", ""),
        (PlanFigure("resident_population", 5.5, 5.0), 4.0, "", ""),
    ],
)
def test_each_examination_by_pencil(figure: PlanFigure, layers: float, above: str, below: str) -> None:
    (row,) = figure_table([figure], {figure.indicator: layers}).to_dict("records")
    assert (row["against_above"], row["against_layers"]) == (above, below)


def test_names_and_units_of_planners() -> None:
    entries = [
        entry("耕地保有量", "公顷", stated=13.6, handed_down=13.0),
        entry("Cultivated land holding", "亩", stated=204.0),
        entry("常住人口规模", "万人", stated=5.5),
        entry("resident_population", "person", stated=55000.0),
        entry("park_coverage", "%", stated=50.0),
    ]
    assert not [problem for each in entries for problem in figure_problems([each])]
    figures = figures_of(entries)
    assert [round(each.stated, 6) for each in figures] == [0.136, 0.136, 5.5, 5.5, 50.0]
    assert figures[0].handed_down == pytest.approx(0.13)
    assert math.isnan(figures[1].handed_down)


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([entry("耕地", "公顷", stated=1.0)], "plan_figure.unknown"),
        ([entry("耕地保有量", "kg", stated=1.0)], "plan_figure.unit"),
        ([entry("耕地保有量", "公顷")], "plan_figure.empty"),
        ([entry("耕地保有量", "公顷", stated=1.0), entry("cultivated_land", "ha", stated=1.0)], "plan_figure.twice"),
    ],
)
def test_what_cannot_be_held_against_anything_is_told(entries: list[FigureEntry], text: str) -> None:
    (problem,) = figure_problems(entries)
    assert isinstance(problem, PlanError)
    assert problem.text == text
    assert entries[-1].indicator in problem.say("zh")
    assert entries[-1].indicator in problem.say("en")


def test_every_examination_is_of_an_area_or_knows_no_tolerance() -> None:
    assert all(check.tolerance in (0.0, 0.01) for check in review_checks().values())
