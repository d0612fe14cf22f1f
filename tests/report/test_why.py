"""The section on why a portfolio was chosen, in both languages, from tables of a town of two measures."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.flips import decision_flips
from citybraid.integrate.choose.money.parcels import OUTSIDE
from citybraid.integrate.choose.phasing import Years, phases, works_of
from citybraid.integrate.choose.portfolio import placed, portfolio
from citybraid.integrate.choose.programme import Target
from citybraid.integrate.choose.scenarios import UncertainInput
from citybraid.integrate.choose.why_tables import flip_table, phase_tables, price_ranges, why_tables
from citybraid.report.annex.statement import turned_choice
from citybraid.report.chapter import Paragraph, Quantity, Table, in_words
from citybraid.report.portfolio.about import About
from citybraid.report.portfolio.later import _pairs_note, _too_long, flip_blocks
from citybraid.report.portfolio.limits import conflict_sentences
from citybraid.report.portfolio.parcels import _prices, _table
from citybraid.report.portfolio.parcels import _unspent as _left
from citybraid.report.portfolio.robust import elsewhere
from citybraid.report.portfolio.why import _counted, _displaced, _edge, _in_units, _next, why_blocks
from citybraid.report.portfolio.why_appendix import _by_unit
from citybraid.report.verdict.summary import _unspent
from citybraid.report.view import View, measure_title
from citybraid.study.run.run import Run
from tests.report.made_choice import BUDGET, COVER, NET, seen, told, town


def test_the_edge_the_next_money_and_what_displaced_what(run: Run) -> None:
    """5 million: roofs in U1 for 4, half the trees there; a t more is 1000 kg at 1.5 kg a yuan, 667 yuan."""
    found = portfolio(town(), NET, budget=BUDGET)
    text = told(run, why_tables(town(), found, NET, budget=BUDGET))
    assert "667 CNY more would improve Net emissions by a further 1 t CO₂e/a" in text["en"]
    assert "需投入 667 元" in text["zh"]
    # In U2 roofs are next: 4 million for 5 million kg.
    assert "it takes 667 CNY (北区) to 800 CNY (南区)" in text["en"]
    # Half a million more buys trees in U1.
    assert "next 500,000 CNY would improve Net emissions by 750 t CO₂e/a: Street trees in 北区" in text["en"]
    assert "Green roof is adopted in full in 北区 and not at all in 南区" in text["en"]
    # Without roofs trees in both units: 4 million kg against 11.5.
    assert (
        "What Net emissions would lose without each measure, the choice made again for the same money and the same "
        "other targets: Green roof (4,000,000 CNY) 7,500 t CO₂e/a, as the money would go to Street trees" in text["en"]
    )
    assert "as far as that goes, with 1,000,000 CNY as counted left unspent" in text["en"]
    assert "绿色屋顶（4,000,000 元）7,500 t CO₂e/年，资金转用于行道树" in text["zh"]
    assert "为何选此组合" in text["zh"]
    assert "绿色屋顶" in text["zh"]


def test_a_measure_costs_what_it_costs_as_it_is_placed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's wetlands were told with CNY 4.45 million, which the choice counted; those that stand cost 2.94."""
    chosen = {"chosen": SimpleNamespace(portfolio=True)}
    asked = run.manifest.asked.model_copy(update={"alternatives": chosen})
    costs = pd.DataFrame({"alternative": ["chosen", "other"], "measure": ["green_roof"] * 2, "present": [3.9e6, 9e6]})
    tables = {**why_tables(town(), portfolio(town(), NET, budget=BUDGET), NET, budget=BUDGET), "costs": costs}
    shown = seen(run, tables)
    monkeypatch.setattr(shown.run, "manifest", run.manifest.model_copy(update={"asked": asked}))
    text = " | ".join(in_words(block.text, "en") for block in why_blocks(shown) if isinstance(block, Paragraph))
    assert "Green roof (3,900,000 CNY) 7,500 t CO₂e/a, as the money" in text
    assert "losses as the choice counts them, costs as placed" in text


def test_what_is_lost_without_each_measure_stands_in_a_table_on_both_bases(run: Run) -> None:
    """Of 11 500 t roofs of 4 million and half the trees of U1 give 10 000 and 1 500.

    Without roofs all trees remain, 4 000; without trees the last million buys a quarter of the roofs in U2, 1 250.
    """
    costs = pd.DataFrame({"alternative": ["chosen"], "measure": ["green_roof"], "present": [3.9e6]})
    chosen = {"chosen": SimpleNamespace(portfolio=True)}
    asked = run.manifest.asked.model_copy(update={"alternatives": chosen})
    tables = {**why_tables(town(), portfolio(town(), NET, budget=BUDGET), NET, budget=BUDGET), "costs": costs}
    shown = seen(run, tables)
    shown.run.manifest = run.manifest.model_copy(update={"asked": asked})
    table = next(each for each in why_blocks(shown) if isinstance(each, Table) and each.name == "why_measures")
    assert table.appendix
    rows = {in_words(row["measure"], "en"): row for row in table.frame.to_dict("records")}
    roof, trees = rows["Green roof"], rows["Street trees"]
    assert (roof["lost"], roof["left"]) == pytest.approx((7500.0, 4000.0))
    assert (trees["lost"], trees["left"]) == pytest.approx((250.0, 11250.0))
    assert (roof["counted"], roof["placed"]) == pytest.approx((4e6, 3.9e6))
    assert trees["counted"] == pytest.approx(1e6)
    assert in_words(roof["instead"], "en") == "Street trees"
    # Both kinds of trees cost 4 million of the 5: 1 would buy nothing.
    assert (roof["unspent"], trees["unspent"]) == pytest.approx((1e6, 0.0))
    assert "11,500" in in_words(table.note, "en")
    assert "11,500" in in_words(table.note, "zh")


def test_shares_as_placed_stand_beside_those_that_were_chosen(run: Run) -> None:
    """Half of the trees in U1 was told as built where no whole street of it stands."""
    found = portfolio(town(), NET, budget=BUDGET)
    tables = why_tables(town(), found, NET, budget=BUDGET)
    built = placed(town(), found, found.installed.assign(street_trees=0.0))
    for each, heads in ((tables, 0), (why_tables(town(), built, NET, budget=BUDGET), 1)):
        table = next(block for block in why_blocks(seen(run, each))
                     if isinstance(block, Table) and block.name == "why_cells")  # fmt: skip
        assert sum(column.key == "placed" for column in table.columns) == heads
        assert ("as placed: the quantity that stands" in in_words(table.note, "en")) == bool(heads)
    rows = {
        (in_words(row["measure"], "en"), in_words(row["zone"], "en")): row for row in table.frame.to_dict("records")
    }
    assert [rows["Street trees", "北区"][key] for key in ("adoption", "placed")] == pytest.approx([50.0, 0.0])


def test_a_target_has_a_price_and_needs_its_measure(run: Run) -> None:
    """Canopy 1 % more than 11 takes 2 million: 4 million kg less from roofs and trees, 1.6 million to make up."""
    found = portfolio(town(), NET, budget=BUDGET, targets=[COVER])
    text = told(run, why_tables(town(), found, NET, budget=BUDGET, targets=[COVER]))
    assert "would make up for it" in text["en"]
    assert (
        "Other targets need these measures too; without them they would be missed, or missed by more: Street trees"
        in text["en"]
    )
    assert "行道树（" in text["zh"]


def test_a_measure_built_for_another_target_does_not_contribute_what_it_cannot_give(run: Run) -> None:
    """The demo said that permeable paving contributes 0.164 t of CO2 a person, which abates nothing: it saves money."""
    tables = why_tables(town(), portfolio(town(), NET, budget=BUDGET), NET, budget=BUDGET)
    assert "by itself" not in told(run, tables)["en"]
    cells = tables["why_cells"]
    idle = cells.assign(gain=cells["gain"].where(cells["measure"] != "green_roof", 0.0))
    text = told(run, {**tables, "why_cells": idle})
    assert "Of these, Green roof does nothing for Net emissions by itself: built for other targets" in text["en"]
    assert "其中绿色屋顶（1 项）本身不改善“净碳排放”" in text["zh"]
    for language, word in (("en", "contributes"), ("zh", "贡献")):
        assert word not in text[language]
    view = seen(run, {**tables, "why_cells": idle, "why_floors": pd.DataFrame({"share": [0.45]})})
    about = About.of(view, {str(name): value for name, value in tables["why"].iloc[0].items()})
    said = [block.text for block in _displaced(about) if isinstance(block, Paragraph)]
    text = {each: " ".join(in_words(sentence, each) for sentence in said) for each in ("en", "zh")}
    assert "built for other targets or an equity floor" in text["en"]
    assert "为其他目标或公平底线而建" in text["zh"]


def test_limits_in_conflict_are_told_with_what_each_must_give(run: Run) -> None:
    """1 million pays half a percent of canopy: 1 million more, or half of the change asked for."""
    found = portfolio(town(), NET, budget=1e6, targets=[COVER])
    text = told(run, why_tables(town(), found, NET, budget=1e6, targets=[COVER]))
    assert "the budget of 1,000,000 CNY would have to rise by 1,000,000 CNY (100% of it)" in text["en"]
    assert "(50% of the change it asks for)" in text["en"]
    assert "需增加 1,000,000 元（为其 100%）" in text["zh"]


def test_a_target_beyond_all_measures_is_told_alone(run: Run) -> None:
    """All trees give 2 %: 12 of the 15 asked for, whatever the budget."""
    target = Target("canopy_cover", 1, 15.0)
    found = portfolio(town(), NET, budget=1e9, targets=[target])
    text = told(run, why_tables(town(), found, NET, budget=1e9, targets=[target]))
    assert "cannot be kept however much the others give" in text["en"]
    assert "give way by 3 percentage points (60% of the change it asks for)" in text["en"]
    assert "reached: Tree canopy cover 12.0%, 3 percentage points short of its target of 15.0%" in text["en"]
    assert "均无法满足" in text["zh"]
    assert "“树冠覆盖率”12.0%，距目标值 15.0% 差 3 个百分点" in text["zh"]


def test_what_is_reached_of_every_target_is_told_where_two_are_beyond_all_measures(run: Run) -> None:
    """All trees give 2 %, 12 of 15; all roofs and trees save 19,000 t of the 25,000 asked for."""
    saved = -float(town().coefficients("net_emissions").sum())
    targets = [Target("canopy_cover", 1, 15.0), Target("net_emissions", -1, base("net_emissions") - saved - 6e3)]
    found = portfolio(town(), NET, budget=1e9, targets=targets)
    text = told(run, why_tables(town(), found, NET, budget=1e9, targets=targets))
    assert "give way by 3 percentage points (60% of the change it asks for), and others as well" in text["en"]
    assert "Tree canopy cover 12.0%, 3 percentage points short" in text["en"]
    assert "6,000 t CO₂e/a short of its target" in text["en"]
    assert "且其他目标值也需放宽" in text["zh"]


def base(indicator: str) -> float:
    """Return an indicator of the whole area before any measure."""
    return float(town().effects.base[indicator][WHOLE_AREA])


def test_money_that_is_left_is_told(run: Run) -> None:
    found = portfolio(town(), NET, budget=1e9)
    text = told(run, why_tables(town(), found, NET, budget=1e9))
    assert "Money is left" in text["en"]
    assert "资金有余" in text["zh"]
    assert "would buy nothing" in text["en"]


def test_years_and_turning_inputs_are_told(run: Run) -> None:
    found = portfolio(town(), NET, budget=BUDGET)
    tables = dict(why_tables(town(), found, NET, budget=BUDGET))
    years = Years(2026, (4e6, 1e6, 0.0))
    built = {"green_roof": 1, "street_trees": 1}
    gain = -town().coefficients("net_emissions")
    works = works_of(town(), found, gain, build_years=built, growing_years={})
    tables |= phase_tables(phases(works, years), years)
    inputs = (*price_ranges(town()), UncertainInput("effect", "green_roof", 0.5, 1.5))
    tables["flips"] = flip_table(decision_flips(town(), NET, inputs, budget=BUDGET, draws=16))
    text = told(run, tables)
    assert "works start from 2026 to 2027 and cost 5,000,000 CNY" in text["en"]
    assert "于 2026—2027 年开工" in text["zh"]
    # Roofs in U2 pass trees in U1 at 1.5 / 1.25 of their effect. At 1.25 / 1.5 of their price roofs in U2 do;
    # dearer by less than 2.5 / 1.5, roofs leave less money for trees, which stay the second choice.
    assert "the effect of Green roof at 120% of its value" in text["en"]
    assert "the price of Green roof at 83% of its value" in text["en"]
    assert "改变所选组合" in text["zh"]
    stated = [[in_words(each.text, language) for each in turned_choice(seen(run, tables))] for language in ("zh", "en")]
    assert [len(each) for each in stated] == [1, 1], "the statement for the review says it too"
    assert stated[0][0] in text["zh"]
    assert stated[1][0] in text["en"]
    quiet = tables["flips"].assign(turn=np.nan)
    assert not list(turned_choice(seen(run, {**tables, "flips": quiet}))), "nothing turns"


@pytest.mark.parametrize(
    ("trade_off", "per_money", "told"),
    [
        (None, 1e-6, ("leaves 28,000 CNY of the budget of 100,000 CNY unspent: its measures are made", "整栋建筑")),
        (None, 0.0, ("unspent: all that serves Net emissions", "已全部采用")),
        (("net_emissions", "cost"), 0.0, ("unspent: it is the point at which its goals are balanced", "均衡点")),
    ],
)  # fmt: skip
def test_page_one_says_why_money_stays(
    run: Run, trade_off: tuple[str, ...] | None, per_money: float, told: tuple[str, str]
) -> None:
    head = pd.DataFrame({"indicator": ["net_emissions"], "per_money": [per_money]})
    choice = SimpleNamespace(budget=SimpleNamespace(trade_off=trade_off))
    view: Any = SimpleNamespace(run=SimpleNamespace(table={"why": head}.get, choice=choice), money=View(run).money)
    values = {"alternative": "A", "budget": Quantity(1e5, View(run).money())}
    said = [in_words(_unspent(view, values, 28e3), language) for language in ("en", "zh")]
    assert all(part in text for part, text in zip(told, said, strict=True)), said


@pytest.mark.parametrize(("after", "more"), [(30e3, True), (28.5e3, False)])
def test_effects_by_year_that_add_up_to_more_than_the_run_are_told(run: Run, after: float, more: bool) -> None:
    """The Electric Control Factory told 44 dry buildings of 39, since measures act on the same water."""
    found = portfolio(town(), NET, budget=BUDGET)
    tables = dict(why_tables(town(), found, NET, budget=BUDGET))
    years, built = Years(2026, (4e6, 1e6, 0.0)), {"green_roof": 1, "street_trees": 1}
    works = works_of(town(), found, -town().coefficients("net_emissions"), build_years=built, growing_years={})
    tables |= phase_tables(phases(works, years), years)
    ends = {"units/as_is": 40e3, "units/chosen": after}
    tables |= {name: pd.DataFrame({"net_emissions": [value]}, index=[WHOLE_AREA]) for name, value in ends.items()}
    shown = next(
        each for each in why_blocks(seen(run, tables)) if isinstance(each, Table) and each.name == "phase_years"
    )
    assert ("all together the run changes it by 10,000" in in_words(shown.note, "en")) == more
    assert ("全部措施一起运行的变化为" in in_words(shown.note, "zh")) == more


@pytest.mark.parametrize(
    ("pairs", "gained", "told"),
    [
        (True, 8e3, "take 2,000 t CO₂e/a from each other by 2028"),
        (True, 12e3, "add 2,000 t CO₂e/a to each other by 2028"),
        (True, 10e3, "less than half a percent"),
        (False, 10e3, "pairs = false"),
    ],
)
def test_years_tell_what_pairs_take_from_the_sum(run: Run, *, pairs: bool, gained: float, told: str) -> None:
    years = pd.DataFrame(
        {"year": [2028], "budget": [1.0], "spent": [1.0], "alone": [10e3], "gained": [gained], "gap": [0.0]}
    )
    choice = SimpleNamespace(budget=SimpleNamespace(pairs=pairs))
    view: Any = SimpleNamespace(run=SimpleNamespace(choice=choice), unit_of=View(run).unit_of)
    about = About(view, {"indicator": "net_emissions", "amount": 5e5}, {})
    assert told in in_words(_pairs_note(about, years), "en")


@pytest.mark.parametrize(("count", "named", "rest"), [(5, 5, ""), (9, 3, "6 further inputs")])
def test_a_sentence_names_all_inputs_that_turn_the_choice_or_says_how_many_more(
    run: Run, count: int, named: int, rest: str
) -> None:
    """It counted five inputs and named three, without a word on the other two."""
    rows = pd.DataFrame(
        {"kind": "price", "measure": [*["green_roof"] * count, ""], "low": 0.5, "high": 2.0, "turn": 1.5, "moved": 0.2,
         "information": 10.0}
    )  # fmt: skip
    view: Any = SimpleNamespace(run=SimpleNamespace(table={"flips": rows}.get), unit_of=View(run).unit_of)
    about = About(view, {"indicator": "net_emissions", "amount": 5e5}, {})
    (said,) = (in_words(block.text, "en") for block in flip_blocks(about) if isinstance(block, Paragraph))
    assert said.startswith(f"{count} inputs turn the choice")
    assert said.count("the price of Green roof") == named
    assert rest in said
    assert ("further" in said) is bool(rest)


def test_price_ranges_are_those_of_the_rows() -> None:
    ranges = price_ranges(town())
    assert [each.measure for each in ranges] == ["green_roof", "street_trees"]
    assert [(each.low, each.high) for each in ranges] == [pytest.approx((0.8, 3.0))] * 2


def test_a_run_without_the_tables_has_no_section(run: Run) -> None:
    assert told(run, {}) == {"en": "", "zh": ""}


def test_units_of_one_price_are_told_together(run: Run) -> None:
    """The demo named two units whose prices were the same to the digits shown."""
    view: Any = SimpleNamespace(unit_of=View(run).unit_of, money=View(run).money)
    about = About(view, {"indicator": "net_emissions"}, {"U1": "北区", "U2": "南区"})
    units = pd.DataFrame({"unit": ["U1", "U2"], "cost": [4000.0, 4010.0]})
    text = in_words(_in_units(about, Quantity(1.0, "t"), units), "en")
    assert text.endswith("it takes about 4,000 CNY for the next 1 t in every unit with that much potential left.")
    apart = in_words(_in_units(about, Quantity(1.0, "t"), units.assign(cost=[4000.0, 4400.0])), "en")
    assert "it takes 4,000 CNY (北区) to 4,400 CNY (南区)" in apart


def test_parcels_where_one_more_costs_more_than_the_money_spoken_of_are_counted(run: Run) -> None:
    """The demo told of 53 million for a ten-thousandth of a tonne, and of an improvement by 0 buildings."""
    parcels = pd.DataFrame(
        {"parcel": ["P1", "P2", "P3", "P4", OUTSIDE], "unit": ["U1", "U1", "U2", "U3", "U1"],
         "left": [1.5, 1.0, 1.0, 1.0, 1.0], "next_cost": [600.0, 900.0, 7e6, 700.0, 1.0]}
    )  # fmt: skip
    units = pd.DataFrame({"unit": ["U1", "U2", "U3", WHOLE_AREA], "money": [2e6, 1e6, 5e5, 35e5]})
    limits = pd.DataFrame(
        {"indicator": ["flooded_buildings", "canopy_cover"], "unit": [WHOLE_AREA] * 2, "price": [1e6, 1e3]}
    )
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table={"why_limits": limits}.get), unit_of=View(run).unit_of, money=View(run).money
    )
    about = About(view, {"indicator": "net_emissions", "amount": 5e5}, {"U1": "北区", "U2": "南区", "U3": "东区"})
    said = [in_words(block.text, "en") for block in _prices(about, parcels, units) if isinstance(block, Paragraph)]
    assert "in 北区 600 CNY (P1) to 900 CNY (P2); in 东区 700 CNY (P4)." in said[0]
    assert "In 1 parcel a further 1 t CO₂e/a would cost over 500,000 CNY" in said[1]
    assert "南区" not in " ".join(said)
    (other,) = said[2:]
    assert "it takes 600 CNY for a further 1 t CO₂e/a; at the margin of the budget" in other
    assert "the same money would improve Tree canopy cover by 0.6 percentage points" in other


def test_a_price_that_no_money_pays_stands_in_no_table(run: Run) -> None:
    """The demo's table of parcels told 71 400 million for 0.1 t a person, in parcels that could give a millionth of it.

    The step is what a parcel can give, 0.01 t; P1 asks 6 for it, P2 more than all money, P3 builds though it asks more.
    """
    parcels = pd.DataFrame(
        {"parcel": ["P1", "P2", "P3", "P4"], "unit": "U1", "measures": ["green_roof", "", "green_roof", ""],
         "share": [0.5, 0.0, 1.0, 0.0], "cost": [2e3, 0.0, 4e3, 0.0], "worth": [2.0, 0.0, 1.0, 0.0],
         "gain": [2.0, 0.0, 1.0, 0.0], "next_cost": [600.0, 7e11, 7e11, np.nan], "left": [0.032, 1e-6, 1e-6, 0.0]}
    )  # fmt: skip
    units = pd.DataFrame({"unit": ["U1", "U2"], "left": [0.05, 0.0004], "cost": [600.0, 7e11]})
    spread = pd.DataFrame(columns=["measure", "indicator", "spread"])
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table={"why_units": units, "parcel_spread": spread}.get),
        unit_of=View(run).unit_of,
        money=View(run).money,
    )
    about = About(view, {"indicator": "net_emissions", "amount": 5e5}, {"U1": "北区"})
    table = _table(about, parcels)
    assert [in_words(each, "en") for each in table.frame["parcel"]] == ["P1", "P3"]
    assert table.frame["next"].to_list() == pytest.approx([6.0, np.nan], nan_ok=True)
    heads = {column.key: in_words(column.title, "en") for column in table.columns}
    assert heads["next"] == "Cost of the next 0.01 t CO₂e/a"
    assert "or a further 0.01 t CO₂e/a only at over 500,000 CNY" in in_words(table.note, "en")
    assert _by_unit(about).frame["cost"].to_list() == pytest.approx([6.0, np.nan], nan_ok=True)


def test_no_parcel_is_priced_for_more_than_it_can_give(run: Run) -> None:
    """The demo told CNY 4.82 million for 0.1 t in a parcel that can give 0.0138 t; the margin was 4.42 for 0.01 t."""
    parcels = pd.DataFrame(
        {"parcel": ["P1", "P2", "P3"], "unit": ["U1"] * 3, "left": [0.0138, 0.0186, 0.0017],
         "next_cost": [4.8e7, 6.5e7, 4.0e7 * 10]}
    )  # fmt: skip
    units = pd.DataFrame({"unit": ["U1", WHOLE_AREA], "money": [2e5, 2e5], "per_money": [2e-8, 1 / 4.42e8]})
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table={"why_limits": pd.DataFrame(columns=["indicator", "price"])}.get),
        unit_of=View(run).unit_of, money=View(run).money,
    )  # fmt: skip
    about = About(view, {"indicator": "emissions_per_resident", "amount": 1e7}, {"U1": "北区"})
    said = [in_words(block.text, "en") for block in _prices(about, parcels, units) if isinstance(block, Paragraph)]
    assert said[0].startswith("Price of a further 0.01 t CO₂e/(person·a) of Net emissions per resident")
    assert "in 北区 480,000 CNY (P1) to 650,000 CNY (P2)." in said[0]
    assert "2 parcels give as much for less" in said[1]
    assert not any("P3" in text or "0.1 t" in text for text in said)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(3012.0, "m2", "3,012 m²"), (0.4321, "kW", "0.432 kW"), (45.34, "m", "45.3 m"), (12.0, "count", "12")],
)
def test_a_quantity_of_a_measure_has_the_unit_of_its_price(value: float, unit: str, told: str) -> None:
    """The next 3 012 m2 of envelopes of Xinhua Road were 0 ha, beside 41 421 m2 on page one."""
    about = About(SimpleNamespace(unit_of=lambda _: "person"), {"indicator": "residents"}, {})  # type: ignore[arg-type]
    assert in_words(about.amount(value, unit), "en") == told


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [(0.3, "不足 1 个", "less than 1"), (0.0, "0 个", "0"), (1.0, "1 个", "1"), (2.6, "3 个", "3")],
)
def test_a_count_that_rounds_to_nothing_is_less_than_one(value: float, zh: str, en: str) -> None:
    view: Any = SimpleNamespace(unit_of=lambda _: "count")
    about = About(view, {"indicator": "flooded_buildings"}, {})
    assert (in_words(about.gain(value), "zh"), in_words(about.gain(value), "en")) == (zh, en)


def test_a_measure_that_takes_longer_to_build_than_the_years_is_named(run: Run) -> None:
    """A levee of six years within budgets of four: no money gets it done, which is told apart from a lack of money."""
    works = pd.DataFrame({"measure": ["levee", "green_roof", "pump"], "start": [np.nan, np.nan, 2026.0]})
    phases = SimpleNamespace(budgets=(1.0,) * 4, build_years={"levee": 6, "green_roof": 1, "pump": 1})
    asked = SimpleNamespace(budget=SimpleNamespace(phases=phases))
    view: Any = SimpleNamespace(run=SimpleNamespace(manifest=SimpleNamespace(asked=asked)), unit_of=View(run).unit_of)
    about = About(view, {"indicator": "net_emissions"}, {})
    (block,) = _too_long(about, works)
    assert isinstance(block, Paragraph)
    text = in_words(block.text, "en")
    assert "takes longer than the 4 years of budgets" in text
    titles = [in_words(measure_title(name), "en") for name in ("levee", "green_roof")]
    assert [title in text for title in titles] == [True, False]
    assert not list(_too_long(about, works[1:]))


def test_money_that_units_leave_is_told_with_why_there() -> None:
    """U1 has 0.5 left and a parcel that a step of 1 would serve; U2 has 0.3 left and nothing that is worth anything."""
    parcels = pd.DataFrame(
        {"parcel": ["P1", "P2", "P3"], "unit": ["U1", "U1", "U2"], "next_cost": [4.0, np.nan, np.nan],
         "left": [1.0, 0.0, 0.0]}
    )  # fmt: skip
    units = pd.DataFrame({"unit": ["U1", "U2", WHOLE_AREA], "money": [9.0, 3.0, 12.0], "spent": [8.5, 2.7, 11.2]})
    found = _left(parcels, units)
    assert found == {"why.parcels_unspent": pytest.approx(0.3), "why.parcels_too_little": pytest.approx(0.5)}


@pytest.mark.parametrize(("present", "told"), [(72e3, True), (88e3, True), (89.1e3, False)])
def test_sums_by_shares_are_told_beside_those_of_placed_measures(present: float, *, told: bool) -> None:
    """Shares of 0.218537 of a unit's 408 000 are 89 163; as whole buildings they cost 72 000.

    The demo gave 119.97 million to its units beside 118.49 million as placed, and said nothing.
    """
    cells = pd.DataFrame({"measure": ["green_roof"], "unit": ["U1"], "adoption": [0.218537], "cost": [408e3]})
    costs = pd.DataFrame({"alternative": ["chosen"], "measure": ["green_roof"], "present": [present]})
    works = pd.DataFrame({"measure": ["green_roof"]})
    about: Any = SimpleNamespace(
        view=SimpleNamespace(run=SimpleNamespace(manifest=SimpleNamespace(asked=SimpleNamespace(
            alternatives={"chosen": SimpleNamespace(portfolio=True)})))),
        table=lambda name: {"why_cells": cells, "costs": costs, "phases": works}.get(name, pd.DataFrame()),
        money=lambda value: Quantity(value, "CNY"),
    )  # fmt: skip
    said = [in_words(block.text, "en") for block in _counted(about) if isinstance(block, Paragraph)]
    assert bool(said) == told
    assert not told or ("89,163 CNY" in said[0] and f"{present:,.0f} CNY" in said[0])


@pytest.mark.parametrize(("change", "used_up"), [(-2.32, True), (-1.91, False)])
def test_no_money_is_told_to_improve_what_is_nothing_already(run: Run, change: float, *, used_up: bool) -> None:
    """The bowl that floods was dry, and the next 100 000 were told to dry 0.187 ha more of it."""
    head = {"indicator": "flooded_area", "direction": -1, "amount": 1e5, "per_money": 1.87e-6, "gain": 0.187}
    frame = pd.DataFrame({"indicator": ["flooded_area"], "unit": [WHOLE_AREA], "base": [2.32], "computed": [change]})
    none = pd.DataFrame({"indicator": [], "price": [], "quantity": []})
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table={"rerun": frame, "why_limits": none, "why_next": none}.get),
        unit_of=View(run).unit_of, money=View(run).money, column=lambda *_: None, base="as_is",
    )  # fmt: skip
    about = About.of(view, head)
    said = [in_words(each.text, "en") for each in (*_edge(about), *_next(about)) if isinstance(each, Paragraph)]
    assert ("leaves nothing of" in said[0]) == used_up
    assert (len(said) == 1) == used_up


@pytest.mark.parametrize(("gained", "told"), [(0.0, True), (3.3, False)])
def test_page_one_tells_the_climate_in_which_the_choice_fails(run: Run, gained: float, *, told: bool) -> None:
    """A portfolio that dries all today and nothing in stronger rain was recommended without a word of it."""
    rows = pd.DataFrame({"scenario": ["", "wet"], "chosen": [2.32, gained], "best": [2.32, 3.36]})
    rule = pd.DataFrame({"indicator": ["flooded_area"], "rule": ["min_max_regret"]})
    wet = SimpleNamespace(name="wet", title={"zh": "暴雨增强", "en": "Stronger rain"})
    asked = {"chosen": SimpleNamespace(portfolio=True), "other": SimpleNamespace(portfolio=False)}
    view: Any = SimpleNamespace(
        run=SimpleNamespace(
            table={"robust": rows, "robust_rule": rule}.get,
            manifest=SimpleNamespace(asked=SimpleNamespace(alternatives=asked)),
            choice=SimpleNamespace(budget=SimpleNamespace(robust=SimpleNamespace(scenarios=(wet,)))),
        ),
        unit_of=View(run).unit_of, column=lambda *_: None, base="as_is", name=lambda name: name,
    )  # fmt: skip
    said = [in_words(each.text, "en") for each in elsewhere(view, "chosen") if isinstance(each, Paragraph)]
    assert bool(said) == told
    assert not told or ("Stronger rain" in said[0] and "by 0 ha" in said[0] and "3.36 ha" in said[0])
    assert not list(elsewhere(view, "other"))


def test_what_stays_while_limits_in_conflict_give_is_told(run: Run) -> None:
    """More trees than there are cannot be had for any money: the target gives 1 % of canopy, and 5 million stay."""
    found = portfolio(town(), NET, budget=BUDGET)
    more = Target("canopy_cover", 1, 13.0)
    tables = why_tables(town(), found, NET, budget=BUDGET, targets=(more,))
    view = seen(run, tables)
    head = tables["why"]
    about = About.of(view, {str(name): head[name].iloc[0] for name in head})
    said = [in_words(each, "en") for each in conflict_sentences(about)]
    assert "give way by 1" in said[0]
    assert said[1].startswith("These amounts hold while the other limits stay as they are: the budget of ")
