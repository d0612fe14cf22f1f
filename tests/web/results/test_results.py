"""Values as pages show them: those of the run's tables and of the report, with what is behind them."""

import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.plan import IndicatorRow
from citybraid.core.tables import read_table
from citybraid.core.text import LANGUAGES, known
from citybraid.integrate.choose.why_tables import CELLS, LIMITS, MEASURES, MISSED, NEXT, UNITS
from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.drawing.units import SYSTEM
from citybraid.report.indicators import by_alternative
from citybraid.report.page_table import laid_out
from citybraid.report.portfolio.embodied import embodied_of_chosen
from citybraid.web.access.refusals import NotFound
from citybraid.web.results.comparisons import compared
from citybraid.web.results.explained import explained
from citybraid.web.results.indicators import results
from citybraid.web.results.opened import Opened, opened
from citybraid.web.results.portfolios import portfolio
from citybraid.web.results.rehearsal import CourseState, PeakState, frame, peak, rehearsal
from tests.web.made import put_run


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("片区 一")
    put_run(folder)
    put_run(folder, "002")
    table = folder / "runs" / "002" / "tables" / "units" / "chosen.parquet"
    changed = pd.read_parquet(table)
    changed.loc[WHOLE_AREA, "flooded_area"] = 1.08
    changed.to_parquet(table)
    return folder


@pytest.fixture(scope="module")
def found(study: Path) -> Opened:
    return opened(study, "001")


def test_a_number_on_the_page_is_that_of_the_runs_table_and_of_the_report(found: Opened) -> None:
    table = by_alternative(found.view, ("lowcarbon", "resilience"), name="all", title="all")
    assert table is not None
    shown = {
        in_words(row[0], "en"): {
            str(column.key): in_words(cell, "en") for column, cell in zip(table.columns, row, strict=True)
        }
        for row in laid_out(table, SYSTEM).rows
    }
    rows = results(found).indicators
    assert len(rows) == 3
    for row in rows:
        for name, value in row.values.items():
            unit_table = found.run.table(f"units/{name}")
            assert unit_table is not None
            assert value.value == float(unit_table[row.id][WHOLE_AREA])
            assert value.said["en"] == shown[row.title["en"]][name]


def test_an_indicator_has_its_unit_direction_target_state_and_code(found: Opened) -> None:
    row = next(each for each in results(found).indicators if each.id == "flooded_area")
    assert (row.unit, row.direction, row.strand) == ({"en": "ha", "zh": "公顷"}, "lower", "resilience")
    assert row.target is not None
    assert (row.target.target, row.target.id) == (1.0, "dry")
    assert {name: value.state for name, value in row.values.items()} == {"as_is": "red", "chosen": "green"}
    assert row.values["as_is"].code == "R1-01-00"
    assert row.unsure == 100.0, "its only factor row is assumed"
    assert row.values["as_is"].light == "unsure"


@pytest.mark.parametrize("damage", [1286.0, 0.71])
def test_money_is_counted_as_each_language_counts_it(tmp_path: Path, damage: float) -> None:
    """A damage of 0.71 ten thousand yuan was 0.01 million in English."""
    run = put_run(tmp_path)
    for name in run.alternatives:
        path = run.folder / "tables" / "units" / f"{name}.parquet"
        pd.read_parquet(path).assign(expected_annual_damage=damage).to_parquet(path)
    row = next(each for each in results(opened(tmp_path, "001")).indicators if each.id == "expected_annual_damage")
    assert row.scale["zh"] == 1.0
    assert row.unit["zh"].startswith("万元")
    for language, scale in row.scale.items():
        assert float(row.values["as_is"].said[language].replace(",", "")) == pytest.approx(damage * scale, rel=1e-3)


def test_what_is_outside_its_published_range_is_told(study: Path, tmp_path: Path) -> None:
    run = put_run(tmp_path)
    row = {"quantity": "flooded_area", "use": "", "alternative": "as_is", "value": 2.4, "unit": "ha", "low": 0.1,
           "high": 2.0, "outside": True, "status": "verified", "source": "made <b>"}  # fmt: skip
    pd.DataFrame([row]).to_parquet(run.folder / "tables" / "plausibility.parquet")
    told = next(each for each in results(opened(tmp_path, "001")).indicators if each.id == "flooded_area")
    assert told.range is not None
    assert (told.range.low, told.range.high, told.range.source["zh"]) == (0.1, 2.0, "made <b>")
    assert {name: value.outside for name, value in told.values.items()} == {"as_is": True, "chosen": False}


def test_what_was_not_computed_says_what_it_needs(found: Opened) -> None:
    (gap,) = results(found).gaps
    assert (gap.kind, gap.needs, gap.alternatives) == (
        "model", [{"en": "Metered electricity", "zh": "计量用电量"}], ["as_is", "chosen"],
    )  # fmt: skip


def test_an_explanation_leads_to_factors_with_status_and_to_the_instrument(found: Opened) -> None:
    told = explained(found, "flooded_area")
    (factor,) = told.factors
    assert (factor.factor, factor.key, factor.value, factor.status, factor.unsure) == (
        "drain_share", "road", 0.4, "assumed", True,
    )  # fmt: skip
    assert factor.key_said["zh"] not in {"", "road"}, "a key in words"
    assert factor.unit == {"en": "", "zh": ""}, "no unit is written as 1"
    (residual,) = told.steps[0].residuals
    assert residual.id == "mass_error"
    assert residual.title["zh"] == "水量平衡误差", "a residual in words"
    assert told.unsure == 1.0
    assert [step.model for step in told.steps] == ["resilience.flood"]
    assert "levees" in told.steps[0].cite["en"]
    assert "堤防" in told.steps[0].cite["zh"], "what a citation is for, in words of the language"
    assert "条文待核" in told.source["zh"]
    assert told.instrument["en"] == "Flood-risk control line"
    assert "0.15" in told.formula["en"]
    assert told.values["as_is"].value == 2.4
    assert told.objectives[0].target["en"] == "1.00"


def test_the_share_of_unconfirmed_factors_is_one_number_on_both_parts_of_the_page(found: Opened) -> None:
    for row in results(found).indicators:
        told = explained(found, row.id)
        assert (math.nan if row.unsure is None else row.unsure) == pytest.approx(
            100.0 * told.unsure if told.factors_all else math.nan, nan_ok=True
        )


def test_a_unit_is_explained_and_an_unknown_one_refused(found: Opened) -> None:
    assert explained(found, "flooded_area", "U1").values["as_is"].value == 1.5
    with pytest.raises(InputError):
        explained(found, "flooded_area", "nowhere")
    with pytest.raises(InputError):
        explained(found, "no_such")


def test_every_statistic_that_an_indicator_is_read_by_has_words() -> None:
    used = {row.statistic for row in read_table(IndicatorRow)} | {"column_mean"}
    assert [each for each in sorted(used) if not known(f"statistic.{each}")] == []


def test_two_runs_differ_in_what_was_changed_alone(study: Path) -> None:
    told = compared(opened(study, "001"), opened(study, "002"))
    moved = [each for each in told.changes if each.difference]
    assert [(each.alternative, each.indicator, each.other) for each in moved] == [("chosen", "flooded_area", 1.08)]
    assert moved[0].one == pytest.approx(2.16)
    assert moved[0].beyond
    assert not moved[0].worse
    assert [moved[0].one_said["en"], moved[0].other_said["zh"]] == ["2.16", "1.08"]


def test_the_front_has_the_measures_of_each_point(found: Opened) -> None:
    told = portfolio(found)
    assert told is not None
    assert [axis.id for axis in told.axes] == ["flooded_area", "net_emissions", "cost"]
    assert [point.chosen for point in told.points] == [True, False]
    members = told.points[0].members
    assert members is not None
    assert [(each.measure, each.share) for each in members] == [("green_roof", 0.25), ("rain_garden", 0.5)]
    assert told.points[1].members is not None
    assert [each.installed["en"] for each in told.points[1].members] == ["60 m²"]
    assert {each.measure for each in told.left_out} == {"detention_wetland", "rooftop_pv"}
    assert told.prices[0].source == {"en": "made <b>", "zh": "made <b>"}
    assert {each.measure for each in told.effects} == {"green_roof", "rain_garden", "street_trees"}


def test_carbon_of_the_portfolio_is_told_in_the_unit_of_the_report(found: Opened) -> None:
    """11,875,498 kg stood on the page beside 11,875 t CO₂e of the report."""
    told, choice = portfolio(found), found.run.choice
    assert told is not None
    assert choice is not None
    said = next(iter(embodied_of_chosen(found.view, choice)))
    assert isinstance(said, Paragraph)
    assert told.carbon == {"en": "12 t CO₂e", "zh": "12 t CO₂e"}
    assert told.carbon["en"] in in_words(said.text, "en")


def test_changes_of_shares_are_in_percentage_points(tmp_path: Path) -> None:
    """0.9 percentage points more tree canopy were told as a change of 0.9%."""
    run = put_run(tmp_path)
    front = pd.read_parquet(run.folder / "tables" / "front.parquet").rename(columns={"flooded_area": "canopy_cover"})
    front.assign(canopy_cover=0.9).to_parquet(run.folder / "tables" / "front.parquet")
    effects = pd.read_parquet(run.folder / "tables" / "effects.parquet").assign(indicator="canopy_cover")
    effects.to_parquet(run.folder / "tables" / "effects.parquet")
    told = portfolio(opened(tmp_path, "001"))
    assert told is not None
    change = told.points[0].said["canopy_cover"]
    assert (change["en"], change["zh"]) == ("0.9 percentage points", "0.9 个百分点")
    assert told.axes[0].unit["en"] == "percentage points"
    assert {each.unit["zh"] for each in told.effects} == {"个百分点"}


def test_a_run_of_an_earlier_version_says_that_it_has_no_measures_of_points(tmp_path: Path) -> None:
    run = put_run(tmp_path)
    (run.folder / "tables" / "front_members.parquet").unlink()
    told = portfolio(opened(tmp_path, "001"))
    assert told is not None
    assert [point.members for point in told.points] == [None, None]


def test_what_money_and_goals_are_worth_is_told_in_words(tmp_path: Path) -> None:
    run = put_run(tmp_path)
    head = {"indicator": "net_emissions", "direction": -1.0, "budget": 5e6, "amount": 5e5, "spent": 0.0, "gain": 0.0}
    pd.DataFrame([{**head, "per_money": 2e-5}]).to_parquet(run.folder / "tables" / "why.parquet")
    columns = {"cells": CELLS, "units": UNITS, "measures": MEASURES, "missed": MISSED, "next": NEXT, "limits": LIMITS}
    for name, of in columns.items():
        pd.DataFrame(columns=list(of)).to_parquet(run.folder / "tables" / f"why_{name}.parquet")
    floor = {"indicator": "", "share": 0.6, "served": 0.6, "free": 0.523, "placed": 0.6}
    price = {"money": 610.0, "missing": 0.0, "lost": 3.0, "per_share": 0.1, "barred": 0.0, "possible": math.nan}
    pd.DataFrame([{**floor, **price}]).to_parquet(run.folder / "tables" / "why_floors.parquet")
    told = portfolio(opened(tmp_path, "001"))
    assert told is not None
    first, *sentences = [each.text for each in told.why if each.style == "item"]
    assert "60%, and 52.3% without it" in first["en"]
    assert "At the margin of the budget" in sentences[0]["en"]
    assert "在预算边际上" in sentences[0]["zh"]
    tables = {each.name: each for each in told.why if each.kind == "table"}
    assert "why_floors" in tables, "the money of each equity floor stood in the report alone"
    assert set(tables) <= {"why_floors", "why_units", "why_cells"}


@pytest.mark.parametrize(("best", "opens"), [("as_is", "as_is"), ("", "chosen"), ("gone", "chosen")])
def test_the_rehearsal_opens_on_the_alternative_that_page_one_recommends(
    found: Opened, monkeypatch: pytest.MonkeyPatch, best: str, opens: str
) -> None:
    told = rehearsal(found)
    assert told is not None
    assert (told.existing, told.recommended, told.alternative) == ("as_is", "chosen", "chosen")
    assert told.events_of == {"as_is": ["p50"], "chosen": ["p50"]}
    monkeypatch.setattr("citybraid.web.results.rehearsal.recommended", lambda _: best)
    told = rehearsal(found)
    assert told is not None
    assert told.alternative == opens, "none is recommended: the last"


def test_the_rehearsal_counts_land_and_streets_at_each_hour(found: Opened) -> None:
    told = rehearsal(found)
    assert told is not None
    assert told.hours == [0.0, 0.5, 1.0, 1.5]
    courses = {each.id: each.values for each in told.courses}
    assert courses["flooded_area"] == [0.0, 0.0, 0.16, 0.09], "16 and 9 cells of 100 m2 deeper than 0.15 m"
    assert courses["closed_street_course"] == [0.0, 0.0, 0.4, 0.0]
    assert courses["isolated_course"] == [0.0, 0.0, 12.0, 0.0]
    assert [(each.closed_from, each.closed_until) for each in told.streets] == [(0.75, 1.25), (None, None)]
    assert told.streets[0].line == [(0.0, 39.5), (40.0, 39.5)]
    assert set(told.pictures) == {"depth_course", "rescue_state"}
    assert all(set(each.title) == set(LANGUAGES) for each in told.courses)
    assert told.peak == PeakState(step=2, course="flooded_area", last=False), "most ground is flooded at 1:00 h"


def test_the_peak_is_the_first_highest_of_the_first_course_that_is_not_dry() -> None:
    def course(name: str, values: list[float | None]) -> CourseState:
        return CourseState(id=name, title={}, unit={}, hours=[0.0, 1.0, 2.0], values=values, after=False, digits=2)

    hours = [0.0, 1.0, 2.0]
    dry, streets = course("flooded_area", [0.0, 0.0, 0.0]), course("closed_street_course", [0.0, None, 2.0])
    assert peak([dry], hours) is None
    assert peak([streets, dry], hours) == PeakState(step=2, course="closed_street_course", last=True)
    flat = course("flooded_area", [0.0, 3.0, 3.0])
    assert peak([streets, flat], hours) == PeakState(step=1, course="flooded_area", last=False)


def test_a_picture_of_an_hour_has_a_colour_where_there_is_water(found: Opened) -> None:
    before, worst = (
        Image.open(io.BytesIO(frame(found, "depth_course", hour, alternative="chosen", event="p50"))) for hour in (0, 2)
    )
    assert before.size == worst.size == (40, 40)
    assert not np.asarray(before.convert("RGBA"))[..., 3].any(), "nothing is drawn"
    shown = worst.convert("RGBA")
    drawn = np.asarray(shown)[..., 3] > 0
    assert drawn.sum() == 16
    assert drawn[-4:, :4].all()


@pytest.mark.parametrize(
    ("what", "hour", "alternative", "event"),
    [("depth_course", 9, "chosen", "p50"), ("depth_course", -1, "chosen", "p50"), ("max_depth", 0, "chosen", "p50"),
     ("depth_course", 0, "../..", "p50"), ("depth_course", 0, "chosen", "p5")],
)  # fmt: skip
def test_there_is_no_other_picture(found: Opened, what: str, hour: int, alternative: str, event: str) -> None:
    with pytest.raises(NotFound):
        frame(found, what, hour, alternative=alternative, event=event)


def test_values_that_only_rounding_sets_apart_are_no_difference(tmp_path: Path) -> None:
    put_run(tmp_path)
    put_run(tmp_path, "002")
    table = tmp_path / "runs" / "002" / "tables" / "units" / "chosen.parquet"
    changed = pd.read_parquet(table)
    changed.loc[WHOLE_AREA, "flooded_area"] = float(changed["flooded_area"].loc[WHOLE_AREA]) * (1 + 1e-14)
    changed.to_parquet(table)
    told = compared(opened(tmp_path, "001"), opened(tmp_path, "002"))
    assert {each.difference for each in told.changes} == {0.0}


def test_a_run_without_a_flood_in_hours_has_no_rehearsal(tmp_path: Path) -> None:
    put_run(tmp_path, rehearsed=False)
    assert rehearsal(opened(tmp_path, "001")) is None
