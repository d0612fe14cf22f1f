"""Page one as a verdict: the recommendation, what the plan worsens, the budget, costs, and the map of parcels."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import say
from citybraid.report.chapter import Figure, Paragraph, Table, in_words, words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.chapters.c70_measures import above_noise
from citybraid.report.chapters.c70_measures import chapter as measures
from citybraid.report.remarks.unseen import share_of
from citybraid.report.verdict import summary
from citybraid.report.verdict.change_map import change_map
from citybraid.report.verdict.parcel_states import parcel_states
from citybraid.report.verdict.remedies import remedies, search_notes
from citybraid.report.verdict.summary import verdict
from citybraid.report.view import View
from citybraid.study.open.schema import Alternative
from citybraid.study.run.manifest import BreakRecord
from citybraid.study.run.run import Run
from tests.report.test_basis import asking


class Altered:
    """A run with some of its tables replaced, in part or whole, and a portfolio in its study where asked."""

    choice: Any

    def __init__(self, run: Run, tables: Mapping[str, pd.DataFrame | None]) -> None:
        self._run, self._tables = run, tables

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def table(self, name: str) -> pd.DataFrame | None:
        return self._tables[name] if name in self._tables else self._run.table(name)


def view(run: Run, **tables: pd.DataFrame | None) -> View:
    return View(Altered(run, tables))  # type: ignore[arg-type]  # stands in for a run


def said(shown: View, language: str = "en") -> str:
    blocks = list(verdict(shown))
    return "\n".join(in_words(part.text, language) for part in blocks if isinstance(part, Paragraph))


def table_of(shown: View) -> Table:
    return next(block for block in verdict(shown) if isinstance(block, Table))


def score(run: Run, **values: float) -> pd.DataFrame:
    frame = run.table("scorecard")
    assert frame is not None
    for name, value in values.items():
        at = frame["alternative"] == name
        frame.loc[at, "value"] = value
        frame.loc[at, "state"] = "green" if value <= 1.0 else "red"
    return frame


def test_page_one_opens_with_what_is_recommended_and_its_cost(run: Run) -> None:
    first = chapter(View(run)).blocks[0]
    assert isinstance(first, Paragraph)
    assert first.kind == "lead"
    assert in_words(first.text, "en") == (
        'Recommended: "Chosen portfolio". It meets 1 of 1 objective; present cost: 4,200,000 CNY.'
    )
    assert in_words(first.text, "zh", "planning") == "建议采用：“优选组合”。1 项目标全部达到，现值成本：420 万元。"


def test_where_nothing_meets_the_objectives_page_one_says_so_and_names_the_nearest(run: Run) -> None:
    text = said(view(run, scorecard=score(run, chosen=2.0)))
    assert "No alternative meets all objectives (1); none can be recommended as it stands." in text
    assert '"Chosen portfolio" comes nearest: it meets 0 of 1 and lies 42% from the targets on average' in text
    assert "没有方案能全部达到 1 项目标" in said(view(run, scorecard=score(run, chosen=2.0)), "zh")


def test_page_one_says_plainly_what_the_plan_worsens(run: Run) -> None:
    shown = view(run, scorecard=score(run, chosen=3.1))
    indicator = say("indicator.flooded_area", "en")
    assert f'"Chosen portfolio" is worse than "As is" on: {indicator} 2.40 ha → 3.10 ha.' in said(shown)
    assert "worse than" not in said(View(run))
    assert in_words(table_of(shown).frame["worse"].iloc[1], "zh") == "减少内涝"


def test_the_table_gives_objectives_cost_benefit_and_conclusion_of_each_alternative(run: Run) -> None:
    table = table_of(View(run))
    rows = {in_words(row["alternative"], "en"): row for row in table.frame.to_dict("records")}
    chosen, now = rows["Chosen portfolio"], rows["As is"]
    assert (in_words(chosen["met"], "en"), in_words(now["met"], "en")) == ("1 / 1", "0 / 1")
    assert (chosen["present"], chosen["benefit"], chosen["ratio"]) == (4.2e6, 3e5, 0.75)
    assert pd.isna(now["present"])
    assert [in_words(row["conclusion"], "en") for row in (chosen, now)] == ["recommended", "reference"]
    note = in_words(table.note, "en")
    assert "carbon, health, land value, the fuels of plants and all else are not counted. A dash:" in note


def test_a_measure_without_a_price_leaves_the_cost_open_and_is_named(run: Run) -> None:
    frame = run.table("appraisal")
    assert frame is not None
    frame["unpriced"] = ["", "rooftop_pv"]
    frame["ratio"] = float("nan")
    shown = view(run, appraisal=frame)
    assert "present cost: at least 4,200,000 CNY (no price: Rooftop photovoltaics)" in said(shown)
    assert "现值成本：至少 4,200,000 元（缺单价：屋顶光伏）" in said(shown, "zh")
    table = table_of(shown)
    assert pd.isna(table.frame["present"].iloc[1])
    note = in_words(table.note, "en")
    assert "cost and ratio are left open: Rooftop photovoltaics. The other measures alone cost" in note
    assert "Chosen portfolio 4,200,000 CNY." in note
    frame["present"] = [0.0, 0.0]
    assert "present cost: unknown (a measure has no price)" in said(view(run, appraisal=frame))


def test_a_scheme_that_costs_many_budgets_is_told_as_such(run: Run) -> None:
    """Page one named a scheme of 853 million as nearest, beside a budget of 120 million, without a word of it."""
    shown, frame, totals = View(run), run.table("scorecard"), run.table("appraisal")
    assert frame is not None
    assert totals is not None
    told = summary._verdict(shown, frame)
    assert told.recommended is not None
    best = told.recommended.alternative
    cost = float(totals.set_index("alternative")["present"].loc[best])
    dear = list(summary._dear(shown, told, cost / 7.0, within="as_is"))
    (text,) = [in_words(part.text, "en") for part in dear if isinstance(part, Paragraph)]
    assert "7 times the budget of" in text
    (text,) = [in_words(part.text, "en") for part in summary._dear(shown, told, cost / 1.5, within="as_is")
               if isinstance(part, Paragraph)]  # fmt: skip
    assert "150% of the budget of" in text
    assert not list(summary._dear(shown, told, cost / 7.0, within=best))
    assert not list(summary._dear(shown, told, 1.01 * cost, within="as_is"))


def test_what_meets_all_for_three_budgets_is_not_recommended_outright(run: Run) -> None:
    """Yangpu's page one recommended envelopes and photovoltaics for 3 399 million beside a budget of 1 000."""
    frame, totals = run.table("scorecard"), run.table("appraisal")
    assert frame is not None
    assert totals is not None
    told = summary._verdict(View(run), frame)
    assert told.recommended is not None
    assert not told.beyond
    best = told.recommended.alternative
    cost = float(totals.set_index("alternative")["present"].loc[best])
    dear = Altered(run, {})
    dear.choice = SimpleNamespace(budget=SimpleNamespace(total=cost / 3.0))
    shown = View(dear)  # type: ignore[arg-type]  # stands in for a run
    told = summary._verdict(shown, frame)
    for language, lead, conclusion in (
        ("en", "No alternative within the budget meets all objectives (1)", "meets all, beyond the budget"),
        ("zh", "预算内没有方案能全部达到 1 项目标", "全部达到，超出预算"),
    ):
        assert in_words(summary._recommendation(shown, told), language).startswith(lead)
        assert in_words(summary._conclusion(shown, told, best), language) == conclusion


def test_where_the_budget_leaves_out_a_better_scheme_the_nearest_is_that_within_it(run: Run) -> None:
    """Page one called a scheme with 0 of 2 objectives the nearest of all, beside one with 1 of 2 for 80 budgets."""
    shown, frame = View(run), score(run, chosen=2.0)
    told = summary._verdict(shown, frame)
    assert told.recommended is not None
    assert 'stands. "Chosen portfolio" comes nearest' in in_words(summary._recommendation(shown, told), "en")
    other = told.recommended._replace(alternative="dearer")
    text = summary._recommendation(shown, told._replace(unlimited=other))
    assert 'Of those within the budget "Chosen portfolio" comes nearest' in in_words(text, "en")
    assert "预算内相对最接近的是“优选组合”" in in_words(text, "zh")


def test_a_run_without_costs_or_objectives_still_has_its_page(run: Run) -> None:
    assert "present cost: unknown" not in said(view(run, scorecard=None))
    assert list(verdict(view(run, scorecard=None))) == []
    assert 'Recommended: "Chosen portfolio"' in said(view(run, appraisal=None))


def test_a_portfolio_that_no_measure_could_serve_is_told_on_page_one(run: Run) -> None:
    """A budget with one candidate that no building takes left no alternative, and no document said so."""
    wanted = Alternative(title={"zh": "组合", "en": "Mix"}, portfolio=True)
    asked = asking(run, alternatives={"mix": wanted})
    assert 'This run has no "Mix"' in said(View(asked))
    assert "This run has no" not in said(View(run))


def test_planned_parcels_are_told_apart_from_existing_ones(run: Run) -> None:
    states = parcel_states(View(run))
    assert states is not None
    assert states.planned == ("P003",)
    assert len(states.existing) == 4
    figure = change_map(View(run), states)
    assert isinstance(figure, Figure)
    assert "1 planned parcel in red breaches a limit, 4 existing ones in yellow" in in_words(figure.alt, "en")
    blocks = chapter(View(run)).blocks
    assert [block.name for block in blocks if isinstance(block, Figure)] == ["scorecard", "changes"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_draws_planned_and_existing_parcels_in_their_colours(report: Path, language: str) -> None:
    with Image.open(report / "maps" / language / "changes.png") as image:
        colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    drawn = {colour: count for count, colour in colours}
    red, yellow = (drawn[colour] for colour in ((192, 57, 43), (240, 195, 109)))
    assert yellow > 3 * red > 0


def test_measures_without_a_price_or_out_of_place_are_named_in_the_appendix_of_page_one(run: Run) -> None:
    blocks = chapter(View(run)).blocks
    table = next(each for each in blocks if isinstance(each, Table) and each.name == "failing")
    assert "Sought among" not in in_words(table.note, "en"), "forty names below the table that a planner reads first"
    note = " ".join(in_words(each.text, "en") for each in blocks if isinstance(each, Paragraph) and each.appendix)
    assert "Sought among all measures with a price: Green roof, Rain garden." in note
    assert "Without a price and so left out: Flood barriers" in note
    assert "Not possible here with the data given: Raised levee" in note


def test_tanks_that_meet_a_rate_are_told_to_differ_from_the_storage_asked_for(run: Run) -> None:
    """A parcel of the demo lacked 169 m³ and was mended by a tank of 163 m³; only where runoff is a fix is it told."""
    fixes = run.table("fixes")
    assert fixes is not None
    with_tank = view(run, fixes=fixes.assign(control="runoff"))
    assert not [note for note in search_notes(View(run)) if "volume method" in in_words(note, "en")]
    assert len([note for note in search_notes(with_tank) if "W = 10 ψ H F" in in_words(note, "en")]) == 1


def test_power_sent_to_the_grid_is_told_to_earn_nothing(run: Run) -> None:
    """7 110 MWh a year left the demo's roofs unpaid beside a ratio of 0.64: 0.71 million CNY at 0.1 a kWh."""
    shown, frame = View(run), run.table("scorecard")
    assert frame is not None
    told = summary._verdict(shown, frame)
    name = str(told.totals.index[-1])
    told = told._replace(totals=told.totals.assign(ratio=0.64, annual_benefit=1.0))
    sending: Any = SimpleNamespace(
        name=lambda each: each, money=shown.money,
        column=lambda each, var: pd.Series([7_000e3, 110e3]) if (each, var) == (name, "grid_export") else None,
    )  # fmt: skip
    (note,) = summary._unsold(sending, told)
    assert "earns nothing" in in_words(note, "en")
    assert all(part in in_words(note, "en") for part in (name, "7,110 MWh/a", "711,000", "0.1 CNY/kWh"))
    assert all(part in in_words(note, "zh") for part in ("不计收入", "7,110 MWh", "711,000 元", "0.1 元/kWh"))
    assert not summary._unsold(shown, told), "no roof of this run sends any"


def test_a_table_of_parcels_for_which_no_fix_was_sought_does_not_name_one(run: Run) -> None:
    """The park's table was headed "limits breached, cheapest measure, change needed" and had no measures."""
    shown, ranked = view(run, fixes=None), run.table("failing")
    states = parcel_states(shown)
    assert ranked is not None
    assert states is not None
    title = words("verdict.planned_table")
    table = remedies(shown, ranked, states.controls, name="failing", title=title, chosen=states.failing)
    assert [column.key for column in table.columns] == ["parcel", "why", "change"]
    assert "cheapest measure" not in in_words(table.title, "en")
    assert "最经济措施" not in in_words(table.title, "zh")


def test_page_one_keeps_the_verdict_and_leaves_how_it_was_made_to_its_appendix(run: Run) -> None:
    """Page one of the demo was nine printed pages; what decides stays: verdict, costs, parcels, fixes, warnings."""
    blocks = chapter(View(run)).blocks
    first = [each for each in blocks if isinstance(each, Figure | Table) or not getattr(each, "appendix", False)]
    assert [each.name for each in first if isinstance(each, Figure | Table)] == [
        "verdict", "scorecard", "changes", "failing",
    ]  # fmt: skip
    said_first = " ".join(in_words(each.text, "en") for each in first if isinstance(each, Paragraph))
    said_later = " ".join(in_words(each.text, "en") for each in blocks if isinstance(each, Paragraph) and each.appendix)
    for words_of in ("Ranking: all objectives met", "Costs are present costs of the parcel's part"):
        assert words_of not in said_first
        assert words_of in said_later
    assert "Recommended: " in said_first
    assert "not for quotation" in said_first


def test_alternatives_that_stand_alike_are_not_told_as_better_and_worse(run: Run) -> None:
    """A community's report called one of two schemes of the same cost and effects nearest, the other missing."""
    shown, frame = View(run), run.table("scorecard")
    assert frame is not None
    told = summary._verdict(shown, frame)
    assert told.recommended is not None
    best = told.recommended.alternative
    row = told.totals.loc[[best]].rename(index={best: "twin"})
    standings = {**told.standings, "twin": told.standings[best]._replace(alternative="twin")}
    twin = told._replace(standings=standings, totals=pd.concat([told.totals, row]))
    assert summary._alike(twin, best, "twin")
    dearer = twin._replace(totals=pd.concat([told.totals, row.assign(present=2.0 * row["present"])]))
    assert not summary._alike(dearer, best, "twin")
    assert not summary._alike(twin, "as_is", "twin")


@pytest.mark.parametrize(
    ("share", "en", "zh"), [(0.6, "(60% of it)", "（为其 60%）"), (78.8, "(79 times it)", "（为其 79 倍）")]
)
def test_more_than_twice_a_budget_is_a_multiple(share: float, en: str, zh: str) -> None:
    """A page said 7,880% of the budget."""
    told = share_of("why.give_budget", share, limit="L", amount="A")
    assert en in in_words(told, "en")
    assert zh in in_words(told, "zh")


def test_what_rounding_leaves_is_no_effect() -> None:
    """A table gave a wetland 0.00000378 kWh/m2 of 72."""
    effects = pd.DataFrame({"change": [3.78e-6, -0.809], "base": [72.2, 72.2]})
    assert above_noise(effects)["change"].tolist() == [0.0, -0.809]


def test_page_one_and_the_measures_say_what_was_built_nowhere(run: Run) -> None:
    """A chapter told no effect of a measure that an alternative asks for, and not that it found no place."""
    chain = (BreakRecord(text="chain.unbuilt", objective="chosen", name="rain_garden"),)
    altered = Altered(run, {})
    altered.manifest = run.manifest.model_copy(update={"chain": chain})  # type: ignore[attr-defined]
    shown = View(altered)  # type: ignore[arg-type]  # stands in for a run
    assert "is built nowhere" in said(shown)
    blocks = measures(shown).blocks
    assert any(isinstance(each, Paragraph) and "is built nowhere" in in_words(each.text, "en") for each in blocks)
    assert "built nowhere" not in said(View(run))


def test_a_ratio_that_falls_while_its_total_grows_is_told(run: Run) -> None:
    """By pencil: 3 t each of 1 000 people are 3 000 t; 2.5 t each of 2 000 are 5 000 t, and the climate feels those."""
    frame = score(run, chosen=2.0)
    frame["indicator"] = "emissions_per_resident"
    names = ("as_is", "chosen")

    def units(emissions: float, people: float) -> pd.DataFrame:
        values = {"net_emissions": emissions, "residents": people, "emissions_per_resident": emissions / people}
        return pd.DataFrame(values, index=pd.Index([WHOLE_AREA], name="unit"))

    grown = {f"units/{name}": units(*pair) for name, pair in zip(names, ((3e3, 1e3), (5e3, 2e3)), strict=True)}
    shown = View(Altered(run, {"scorecard": frame, **grown}))  # type: ignore[arg-type]  # stands in for a run
    en, zh = said(shown), said(shown, "zh")
    assert "Net emissions per resident: 3.00 t CO₂e/(person·a) → 2.50 t CO₂e/(person·a)" in en
    assert "the total higher" in en
    assert "Net emissions: 3,000 t CO₂e/a → 5,000 t CO₂e/a" in en
    assert "Residents: 1,000 people → 2,000 people" in en
    assert "净碳排放：3,000 t CO₂e/年 → 5,000 t CO₂e/年" in zh
    rounded = {**grown, "units/chosen": units(50_076.0, 20_000.0)}
    shown = View(Altered(run, {"scorecard": frame, **rounded}))  # type: ignore[arg-type]  # stands in for a run
    assert "3,000 t CO₂e/a → 50,076 t CO₂e/a" in said(shown)  # whole tonnes, as in the tables
    fallen = {**grown, "units/chosen": units(2.4e3, 1.2e3)}
    shown = View(Altered(run, {"scorecard": frame, **fallen}))  # type: ignore[arg-type]  # stands in for a run
    assert "the total higher" not in said(shown)
