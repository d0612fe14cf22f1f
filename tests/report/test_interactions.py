"""The chapter of measures tells joint effects by design: matrix, where pairs meet, details, spill-over, the loop."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.core import catalogue
from citybraid.core.text import known
from citybraid.integrate.learn.known_interactions import known_interactions
from citybraid.report.chapter import Block, Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c70_measures import chapter
from citybraid.report.interactions.blocks import interaction_blocks
from citybraid.report.view import View
from citybraid.study.open.schema import Couplings, Interactions
from citybraid.study.run.run import Run

INDICATORS = ("pv_avoided", "air_temperature")
ROWS = (
    ("green_roof * rooftop_pv", "pv_avoided", -13.0, -20.0, -6.0, 80.0, "hinder"),
    ("green_roof * rooftop_pv", "air_temperature", 0.0, 0.0, 0.0, 0.1, "additive"),
    ("green_roof * street_trees", "pv_avoided", 0.0, 0.0, 0.0, 0.0, "none"),
    ("green_roof * street_trees", "air_temperature", -0.004, -0.006, -0.002, 0.06, "help"),
    ("rooftop_pv * street_trees", "pv_avoided", -1.0, -3.0, 1.0, 80.0, "unsure"),
    ("rooftop_pv * street_trees", "air_temperature", 0.0, 0.0, 0.0, 0.1, "additive"),
)


def tables() -> dict[str, pd.DataFrame]:
    effects = pd.DataFrame(
        [
            {
                "term": term, "order": 2, "indicator": name, "effect": middle, "low": low, "high": high, "spread": 1.0,
                "relative": middle / size if size else float("nan"),
                "relative_low": low / size if size else float("nan"),
                "relative_high": high / size if size else float("nan"), "kind": kind, "aliases": "",
            }
            for term, name, middle, low, high, size, kind in ROWS
        ]
    )  # fmt: skip
    effects.loc[4, "aliases"] = "green_roof * rain_garden * woodland"
    paths = pd.DataFrame(
        {
            "term": ["green_roof * rooftop_pv", "green_roof * street_trees"], "indicator": list(INDICATORS),
            "model": ["integrate.measures.rooftop_pv", "resilience.cooling"],
            "quantity": ["pv_roof", "air_temperature"], "first": ["free_roof", "green_roof_cover"],
            "second": ["", "canopy_cover"],
        }
    )  # fmt: skip
    spill = pd.DataFrame(
        {
            "measure": ["street_trees", "green_roof"], "indicator": ["air_temperature"] * 2, "own": [-1.0, -2.0],
            "others": [-0.8, 0.0], "share": [0.444, 0.0],
        }
    )  # fmt: skip
    loop = pd.DataFrame(
        {
            "alternative": ["as_is"], "rounds": [3], "residual": [0.0016], "open_warming": [0.09], "warming": [0.1],
            "open_demand": [1000.0], "demand": [1011.0],
        }
    )  # fmt: skip
    runs = pd.DataFrame(True, index=range(8), columns=["green_roof", "rooftop_pv", "street_trees"])
    return {
        "interaction_effects": effects, "interaction_paths": paths, "spill_over": spill, "heat_loop": loop,
        "interaction_runs": runs,
    }  # fmt: skip


def told(
    run: Run, given: dict[str, pd.DataFrame], measures: tuple[str, ...] = ("green_roof", "rooftop_pv", "street_trees"),
    *, closed: bool = False,
) -> Any:  # fmt: skip
    asked = SimpleNamespace(
        interactions=Interactions(measures=measures), couplings=Couplings(heat_loop=closed),
        objectives=[SimpleNamespace(indicator="air_temperature")],
    )  # fmt: skip
    holder = SimpleNamespace(
        table=given.get, manifest=SimpleNamespace(asked=asked, chain=()), choice=None,
        title=lambda _: {"zh": "现状", "en": "As it is"},
    )  # fmt: skip
    return SimpleNamespace(run=holder, unit_of=View(run).unit_of)


@pytest.fixture
def blocks(run: Run) -> list[Block]:
    return interaction_blocks(told(run, tables()))


def test_the_lead_counts_what_is_sure_and_what_is_not(blocks: list[Block]) -> None:
    (lead,) = [block for block in blocks if isinstance(block, Paragraph) and block.kind == "lead"]
    assert in_words(lead.text, "en").startswith("Of 3 pairs of measures")
    assert "1 effect on an indicator is surely more" in in_words(lead.text, "en")
    assert "2 are additive, 1 not sure" in in_words(lead.text, "en")
    assert "1 项尚不能确定" in in_words(lead.text, "zh")


def test_each_sure_pair_says_where_it_meets_and_by_what(blocks: list[Block]) -> None:
    items = [in_words(block.text, "en") for block in blocks if isinstance(block, Paragraph) and block.kind == "item"]
    assert any("together 16% less" in item and "Rooftop photovoltaics" in item and "roof" in item for item in items)
    assert any("together 7% more" in item and "Tree canopy cover" in item for item in items)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_matrix_has_a_row_for_every_pair_that_is_not_additive_and_a_key(blocks: list[Block], language: str) -> None:
    (figure,) = [block for block in blocks if isinstance(block, Figure)]
    drawn = figure.draw(language).axes[0]
    texts = [text.get_text() for text in drawn.texts]
    assert sum(" × " in text for text in texts) == 3
    # The first column is the objective's; a cell carries its sign, its size and its interval.
    assert "−16%" in texts
    assert any("−25%" in text and "−8%" in text for text in texts)
    assert "? −1%" in texts
    key = {"zh": "尚不能确定", "en": "not sure"}[language]
    assert key in texts


def test_indicators_that_read_the_same_stand_once_and_pairs_that_all_but_add_up_are_shown(run: Run) -> None:
    """Net emissions, those of a resident and of the inventory took three columns of seven; shade on modules none."""
    given = tables()
    effects = given["interaction_effects"]
    twin = effects[effects["indicator"] == "pv_avoided"].assign(indicator="net_emissions")
    twin[["effect", "relative", "low", "high", "relative_low", "relative_high"]] *= -1.0
    twin = twin.rename(columns={"relative_low": "relative_high", "relative_high": "relative_low"})
    for rows, share in ((effects, -0.0125), (twin, 0.0125)):
        rows.loc[4, "kind"] = "additive"
        rows.loc[4, "relative"] = share
    given["interaction_effects"] = pd.concat([effects, twin], ignore_index=True)
    found = interaction_blocks(told(run, given))
    (figure,) = [block for block in found if isinstance(block, Figure)]
    texts = [text.get_text() for text in figure.draw("en").axes[0].texts]
    assert "= −1%" in texts
    assert sum(" × " in text for text in texts) == 3
    assert sum(text == "−16%" for text in texts) == 1
    said = [in_words(block.text, "en") for block in found if isinstance(block, Paragraph)]
    assert sum("cells read the same: Net emissions (as " in text for text in said) == 1


def test_what_measures_do_by_themselves_is_listed_with_how_sure_it_is(run: Run) -> None:
    """A wetland lowers runoff control: one measure and no pair, told nowhere though the design found it."""
    given = tables()
    row = {"term": "detention_wetland", "order": 1, "indicator": "annual_runoff_control", "effect": -0.59,
           "low": -1.22, "high": -0.04, "spread": 0.63, "relative": -0.015, "relative_low": -0.031,
           "relative_high": -0.001, "kind": "hinder", "aliases": ""}  # fmt: skip
    given["interaction_effects"] = pd.concat([given["interaction_effects"], pd.DataFrame([row])], ignore_index=True)
    found = {block.name: block for block in interaction_blocks(told(run, given)) if isinstance(block, Table)}
    frame = found["effects_by_design"].frame
    assert len(frame) == 1
    assert in_words(frame["kind"].iloc[0], "en") == "worse"
    assert in_words(frame["kind"].iloc[0], "zh") == "变差"
    assert (frame["effect"].iloc[0], frame["low"].iloc[0]) == (-0.59, -1.22)


def test_a_pair_that_meets_nowhere_by_itself_says_so(run: Run) -> None:
    given = tables()
    given["interaction_paths"] = given["interaction_paths"].iloc[1:]
    found = {block.name: block for block in interaction_blocks(told(run, given)) if isinstance(block, Table)}
    frame = found["interactions_by_design"].frame
    row = frame[[in_words(term, "en") == "Green roof × Rooftop photovoltaics" for term in frame["term"]]].iloc[0]
    assert in_words(row["model"], "en") == "only beside other measures"


def test_the_table_tells_intervals_meeting_and_what_a_pair_cannot_be_told_from(blocks: list[Block]) -> None:
    found = {block.name: block for block in blocks if isinstance(block, Table)}
    frame = found["interactions_by_design"].frame
    assert len(frame) == 3
    row = frame[[in_words(term, "en") == "Rooftop photovoltaics × Street trees" for term in frame["term"]]].iloc[0]
    assert (row["low"], row["high"]) == (-3.0, 1.0)
    assert row["by"] == "", "where nothing was traced nothing is said"
    shade = frame[[in_words(term, "en") == "Green roof × Street trees" for term in frame["term"]]].iloc[0]
    assert "Tree canopy cover" in in_words(shade["by"], "en"), "each pair's path stands beside its effect"
    assert "Rain garden" in in_words(row["aliases"], "en")
    assert "Bonferroni" in in_words(found["interactions_by_design"].note, "en")
    assert found["interactions_by_design"].appendix
    assert found["spill_over"].appendix
    assert found["spill_over"].frame["street_trees"].tolist() == [44.0]
    assert "green_roof" not in found["spill_over"].frame


def test_the_loop_is_told_with_what_is_left_of_it(blocks: list[Block]) -> None:
    (line,) = [in_words(block.text, "en") for block in blocks
               if isinstance(block, Paragraph) and "warm their own" in in_words(block.text, "en")]  # fmt: skip
    assert line.startswith("As it is: ")
    assert "1.1" in line
    assert "0.002" in line


def test_air_that_trees_cool_is_told_apart_from_that_which_waste_heat_warms(run: Run) -> None:
    """0.02 K colder: 0.05 K by trees, 0.03 K back by waste heat."""
    given = tables()
    given["heat_loop"] = given["heat_loop"].assign(surroundings=-0.05, warming=-0.02, demand=997.0)
    texts = {language: [in_words(block.text, language) for block in interaction_blocks(told(run, given))
                        if isinstance(block, Paragraph)] for language in ("en", "zh")}  # fmt: skip
    (line,) = [text for text in texts["en"] if "summer air at buildings" in text]
    assert "changes by −0.02" in line.replace("-", "−")
    assert "−0.05" in line.replace("-", "−")
    assert "0.03" in line
    assert "−0.3" in line.replace("-", "−")
    assert any("下垫面、树木与水面变化引起" in text for text in texts["zh"])


def test_interactions_that_the_design_cannot_show_are_named_with_what_it_takes(run: Run) -> None:
    """Waste heat and the winter penalty had no row, and nothing said that no measure was there to show them."""

    def said(measures: tuple[str, ...], *, closed: bool, language: str = "en") -> str:
        found = interaction_blocks(told(run, tables(), measures, closed=closed))
        return " | ".join(in_words(block.text, language) for block in found if isinstance(block, Paragraph))

    few = said(("green_roof", "rooftop_pv", "street_trees"), closed=False)
    assert "the heat that the sun gives in winter (among the measures tried it takes any of Cool roof" in few
    assert "any of Envelope retrofit" in few
    assert "waste heat of cooling" in few
    assert "shade of trees on modules" not in few
    both = ("cool_roof", "envelope_retrofit", "rooftop_pv", "street_trees")
    opened, closed = (said(both, closed=each) for each in (False, True))
    assert "the air of streets (half of it: the way back from the air to cooling takes heat_loop = true" in opened
    assert "waste heat of cooling" not in closed
    assert "in winter" not in closed
    assert "空调排热与街道气温的相互影响（仅显示一半" in said(both, closed=False, language="zh")


def test_a_pair_known_to_act_on_each_other_has_its_row_though_it_all_but_adds_up(run: Run) -> None:
    """What insulation leaves a cool roof is a few per mille of both: told with its interval and where they meet."""
    given = tables()
    row = {"term": "cool_roof * envelope_retrofit", "order": 2, "indicator": "net_emissions", "effect": 0.0994,
           "low": 0.0273, "high": 0.1715, "spread": 0.06, "relative": 0.0027, "relative_low": 0.0007,
           "relative_high": 0.0046, "kind": "additive", "aliases": ""}  # fmt: skip
    other = {**row, "indicator": "night_heat_island", "relative": 0.0305, "effect": 0.000135, "low": 0.00006,
             "high": 0.0002}  # fmt: skip
    given["interaction_effects"] = pd.DataFrame([row, other])
    given["interaction_paths"] = pd.concat([
        given["interaction_paths"],
        pd.DataFrame([{"term": row["term"], "indicator": "night_heat_island", "model": "lowcarbon.building_energy",
                       "quantity": "heat_rejected", "first": "cool_roof", "second": "envelope_standard"}]),
    ], ignore_index=True)  # fmt: skip
    found = {
        each.name: each
        for each in interaction_blocks(told(run, given, ("cool_roof", "envelope_retrofit", "rooftop_pv")))
        if isinstance(each, Table)
    }
    frame = found["interactions_by_design"].frame
    (shown,) = [each for each in frame.to_dict("records") if in_words(each["term"], "en").startswith("Cool roof")]
    assert in_words(shown["kind"], "en") == "additive"
    assert "Energy of buildings" in in_words(shown["model"], "en")
    assert "reflective share of roof" in in_words(shown["by"], "en")
    assert 0.0 < shown["low"] < shown["effect"] < shown["high"]


def test_known_interactions_are_of_measures_that_there_are() -> None:
    names = {name for row in known_interactions() for side in (row.first, row.second) for name in side.split()}
    assert names <= {each.rpartition(".")[2] for each in catalogue.known() if each.startswith("integrate.measures.")}
    assert all(known(f"known_interaction.{row.id}") for row in known_interactions())


def test_a_study_that_asks_for_nothing_has_no_such_blocks(run: Run) -> None:
    assert interaction_blocks(told(run, {})) == []
    assert chapter(told(run, {})).blocks == []


def test_the_chapter_shows_them_without_a_portfolio(run: Run) -> None:
    assert [type(block) for block in chapter(told(run, tables())).blocks][:2] == [Paragraph, Figure]
