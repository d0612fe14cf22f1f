"""Blocks of pathways, the abatement curve, and keep or rebuild, from results of the models themselves."""

from types import SimpleNamespace
from typing import Any, Literal, cast

import pandas as pd
import pytest

from citybraid.core.factor import resolve
from citybraid.lowcarbon.pathway.settings import PathwayParams
from citybraid.report.carbon.abatement import abatement
from citybraid.report.carbon.life_cycle import cheapest_option
from citybraid.report.carbon.life_cycle import life_cycle as options
from citybraid.report.carbon.pathway import pathways
from citybraid.report.carbon.pathway_sectors import sector_pathways
from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.view import View
from tests.blocks import AREA, blocks, inventory, pathway_factors, pathway_of

NONE = float("nan")
OPTIONS: dict[str, Any] = {
    "lowest_carbon": ["retrofit", "keep", "rebuild", "keep"],
    "keep_carbon": [9e6, 8e6, 7e6, 6e6], "retrofit_carbon": [8e6, 9e6, 6e6, 7e6],
    "rebuild_carbon": [9.5e6, 9.5e6, 5e6, NONE], "retrofit_payback": [10.0, NONE, 6.0, NONE],
    "rebuild_payback": [NONE, NONE, 20.0, NONE], "renewed_saving": [9e4, -1e3, 2e5, 0.0],
}  # fmt: skip
"""What a life cycle may tell of the four buildings, the last of which is the plan's."""
SETTINGS = PathwayParams(start=2025, scenario="iea_announced", retrofit_rate=0.02)


def view(*, curve: pd.DataFrame | None = None, empty: bool = False, **told: object) -> View:
    """Return two alternatives of the row of blocks, the same."""
    buildings = blocks()
    found: dict[str, Any] = {} if empty else pathway_of(
        buildings, inventory_equivalent=inventory(buildings), study_area=AREA, factors=pathway_factors(),
        p=SETTINGS,
    ).__dict__  # fmt: skip
    frame = buildings.assign(embodied_carbon=3e6, embodied_yearly=6e4, **{**OPTIONS, **told})
    factors = {name: tuple(resolve(name).rows.values()) for name in ("grid_path", "plan_period")}
    step = SimpleNamespace(model="lowcarbon.pathway", params=SETTINGS.model_dump(), factors=factors)
    judged = SimpleNamespace(model="lowcarbon.life_cycle", params={"start": 2025, "horizon": 2060})
    run = SimpleNamespace(alternatives=("as_is", "planned"), steps=lambda _: [step, judged], table=lambda _: curve)
    return cast("View", SimpleNamespace(
        run=run, base="as_is", name=lambda name: name, column=lambda _, name: found.get(name),
        number=lambda _, name: found.get(name), frame=lambda *_: None if empty else frame,
        money=lambda unit="{currency}": unit.replace("{currency}", "CNY"),
    ))  # fmt: skip


def test_the_table_says_that_all_begin_with_what_stands_and_by_when_measures_come() -> None:
    notes = {block.name: block.note for block in pathways(view()) if isinstance(block, Table)}
    english, chinese = (in_words(cast("Any", notes["pathways"]), language) for language in ("en", "zh"))
    assert "begins in the first year with what stands" in english
    assert "else within 5 years" in english
    assert "为 5 年内" in chinese
    assert "Near zero" in english


def test_pathways_are_told_drawn_and_tabled() -> None:
    found = list(pathways(view()))
    assert [type(block) for block in found] == [Paragraph, Figure, Figure, Figure, Table, Table]
    told, sums, wedges = cast("Paragraph", found[0]), cast("Table", found[4]), cast("Table", found[5])
    said = in_words(told.text, "en")
    assert "2025 to 2060" in said
    assert "retrofit of 2" in said
    assert "heat pumps" not in said
    assert "Peak years: as_is 20" in said
    assert [block.name for block in found if isinstance(block, Table) and not block.appendix] == []
    assert sums.frame["peak"].iloc[0] == pytest.approx(sums.frame["peak"].iloc[1])
    row = wedges.frame.iloc[0]
    levers = row[["grid", "turnover", "retrofit", "heat_pumps", "vehicles", "photovoltaics"]].sum()
    assert row["reference"] - levers == pytest.approx(row["net"])
    assert sums.frame["budget"].iloc[0] == pytest.approx(row["net"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_can_be_drawn_in_both_languages(language: str) -> None:
    for block in pathways(view()):
        if isinstance(block, Figure):
            assert block.draw(language).axes


def test_a_run_without_pathway_has_no_block() -> None:
    assert list(pathways(view(empty=True))) == []
    assert list(options(view(empty=True))) == []
    assert list(abatement(view())) == []


def test_options_count_buildings_by_use() -> None:
    paragraph, table = options(view())
    frame = cast("Table", table).frame.set_index("count")
    assert frame["saving"].sum() == pytest.approx(2.89e5)
    assert frame[["keep", "retrofit", "rebuild"]].sum(axis=1).tolist() == frame.index.tolist()
    assert "12,000" in in_words(cast("Paragraph", paragraph).text, "zh"), "4 buildings of 3000 t"


def test_the_answer_is_told_by_floor_area_and_tabled_by_option() -> None:
    """600, 4000, 9000 and 8000 m2: 12 000 of 21 600 are kept; 9000 of the 13 600 that can be rebuilt pay back."""
    said, table = cheapest_option(view())
    told = in_words(cast("Paragraph", said).text, "en")
    assert "2025 to 2060" in told
    assert "56% of the floor area is kept as it is, 3% retrofitted and 42% rebuilt" in told
    assert "66% of what may be rebuilt, after 20" in told
    frame = cast("Table", table).frame
    assert frame["best"].tolist() == [2, 1, 1]
    assert frame["share"].tolist() == pytest.approx([12000 / 216, 600 / 216, 9000 / 216])
    assert frame["years"].tolist()[1:] == [8.0, 20.0]
    assert frame["paid"].tolist()[1:] == pytest.approx([100 * 9600 / 21600, 100 * 9000 / 13600])
    assert list(cheapest_option(view(empty=True))) == []


def test_nothing_that_pays_back_is_told() -> None:
    found = next(iter(cheapest_option(view(rebuild_payback=NONE))))
    assert "No new building" in in_words(cast("Paragraph", found).text, "en")
    assert "不能收回" in in_words(cast("Paragraph", found).text, "zh")


def test_the_curve_is_shown_without_what_abates_nothing_but_its_row_stays() -> None:
    curve = pd.DataFrame({
        "measure": ["rooftop_pv", "green_roof"], "abatement": [10.0, 0.0], "cost": [1e3, 5.0],
        "marginal": [100.0, float("nan")], "alone": [10.0, 0.0], "alone_cost": [1e3, 5.0], "cumulative": [10.0, 10.0],
        "status": ["user", "assumed"],
    })  # fmt: skip
    figure, table = abatement(view(curve=curve))
    axes, _ = cast("Figure", figure).draw("en").axes
    assert [text.get_text() for text in axes.texts] == ["1\n100"]
    assert len(cast("Table", table).frame) == 2


def sectors(*, life_cycles: bool, stock: Literal["life_cycles", "constant"]) -> View:
    """Return an alternative whose life cycles are known or not, with the scenario stated or not."""
    buildings = blocks()
    found = vars(
        pathway_of(
            buildings, life_cycles=life_cycles, inventory_equivalent=inventory(buildings), study_area=AREA,
            factors=pathway_factors(), p=PathwayParams(start=2025, scenario="iea_announced", stock=stock),
        )
    )  # fmt: skip
    gap = SimpleNamespace(model="lowcarbon.life_cycle", needs=("dry_bulb", "parameter:lowcarbon.life_cycle.start"))
    run = SimpleNamespace(alternatives=("as_is",), gaps=lambda _: () if life_cycles else (gap,))
    return cast("View", SimpleNamespace(run=run, name=lambda name: name, column=lambda _, name: found.get(name)))


def test_a_missing_total_is_told_with_what_it_needs_and_never_filled_in() -> None:
    told, hint, chart, table = sector_pathways(sectors(life_cycles=False, stock="life_cycles"))
    said = {language: in_words(cast("Paragraph", told).text, language) for language in ("en", "zh")}
    assert "there is no total" in said["en"]
    assert "start" in said["en"], "the missing parameter is named"
    assert "没有总量路径" in said["zh"]
    for language in said:
        assert 'stock = "constant"' in in_words(cast("Paragraph", hint).text, language)
    assert len(cast("Table", table).frame) == 1, "the other sectors alone"
    assert cast("Figure", chart).draw("zh").axes


def test_the_scenario_stands_beside_the_sectors_without_it() -> None:
    blocks_of = list(sector_pathways(sectors(life_cycles=False, stock="constant")))
    assert [type(block) for block in blocks_of] == [Paragraph, Paragraph, Figure, Table]
    assert "Not a forecast" in in_words(cast("Paragraph", blocks_of[1]).text, "en")
    frame = cast("Table", blocks_of[3]).frame
    other, held, total = frame["start"].tolist()
    assert total == pytest.approx(other + held - 1.0), "1 t avoided by what modules there are"


def test_a_pathway_with_its_total_needs_no_word_of_what_is_missing() -> None:
    assert list(sector_pathways(sectors(life_cycles=True, stock="life_cycles"))) == []
    both = list(sector_pathways(sectors(life_cycles=True, stock="constant")))
    assert len(cast("Table", both[-1]).frame) == 4
