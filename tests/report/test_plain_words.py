"""Words and figures that a reader meets: plain, whole where they count, with as many digits as they bear."""

import csv
import re
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from citybraid.core.text import say
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Column, Paragraph, Sentence, Table, in_words, words
from citybraid.report.chapters.c70_measures import _at_full
from citybraid.report.chapters.c90_method import chapter as method
from citybraid.report.controls.block_sheets import SIGNED, block_chapters
from citybraid.report.drawing.cartography import HEAD, Panel, Sheet, draw_panels
from citybraid.report.drawing.scene import Bounds, Scene
from citybraid.report.drawing.units import quantity
from citybraid.report.indicators import as_told
from citybraid.report.page_table import laid_out
from citybraid.report.remarks.factor_key import NUMBER, SIGNS, key_title, part_title
from citybraid.report.remarks.unseen import off_by, percent
from citybraid.report.verdict.single_measures import single_measures
from citybraid.report.view import LANGUAGES, View
from citybraid.study.run.run import Run

QUOTED = ("cited.", "noted.")
"""Texts whose English is that of a factor row as it stands; their Chinese is held."""

TEXTS = [
    Path(str(each))
    for folder in files("citybraid").joinpath("texts").iterdir()
    if folder.is_dir()
    for each in folder.iterdir()
]
FACTORS = [Path(str(each)) for each in files("citybraid").joinpath("factors").iterdir() if each.name.endswith(".csv")]


def rows_of(paths: list[Path]) -> list[dict[str, str]]:
    return [
        row
        for path in paths
        if path.suffix == ".csv"
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]


def test_english_texts_have_no_quotation_marks_that_the_chinese_font_draws_a_whole_em_wide() -> None:
    assert [row["id"] for row in rows_of(TEXTS) if re.search("[‘’“”]", row["en"])] == []


@pytest.mark.parametrize("text", ["rescue.unended", "rescue.unended_people"])
def test_what_has_not_ended_is_told_with_what_to_do_and_without_a_parameter_name(text: str) -> None:
    for language in LANGUAGES:
        said = say(text, language, alternative="a", event="e", hours="2.50 h", streets=4, people="338 people")
        assert "recession" not in said
    assert "longer time after the rain" in say(text, "en", alternative="", event="", hours="", streets=1, people="")


def test_a_count_stands_without_a_unit_in_english_and_with_its_measure_word_in_chinese() -> None:
    assert quantity(0.0, "count", language="en") == "0"
    assert quantity(1200.0, "count", language="zh") == "1,200 个"


@pytest.mark.parametrize(
    ("share", "said"), [(-0.467, "−47%"), (162.3, "+16,230%"), (-0.001, "0%"), (0.001, "0%"), (0.115, "+12%")]
)
def test_shares_have_a_minus_sign_separators_and_never_a_negative_nothing(share: float, said: str) -> None:
    assert off_by(share) == said
    assert percent(share) == said.removeprefix("+")


def test_heads_begin_with_a_capital() -> None:
    assert in_words(Sentence("expected annual damage"), "en") == "Expected annual damage"
    frame = pd.DataFrame({"a": [1.0]})
    table = Table("t", "t", frame, [Column("a", "event")])
    assert in_words(laid_out(table, "si").heads[0].title, "en") == "Event"


@pytest.mark.parametrize(
    ("amount", "shown"), [(577_216_700.0, "57,722"), (5_822_300.0, "582"), (53_049.0, "5.30"), (0.0, "0.00")]
)
def test_large_sums_have_no_decimals(amount: float, shown: str) -> None:
    table = Table("t", "t", pd.DataFrame({"a": [amount]}), [Column("a", "cost", "CNY")])
    assert in_words(laid_out(table, "planning").rows[0][0], "zh") == shown


@pytest.mark.parametrize(
    ("indicator", "value", "shown"),
    [("isolated_people", 337.76, 338.0), ("people_exposed", 4498.3, 4498.0), ("expected_annual_exposed", 656.3, 656.0),
     ("expected_annual_exposed", 1.234, 1.23), ("flooded_area", 29.357, 29.36)],
)  # fmt: skip
def test_people_are_whole_numbers(indicator: str, value: float, shown: float) -> None:
    assert as_told(value, indicators()[indicator].unit) == pytest.approx(shown)


def test_every_part_of_a_factors_key_has_a_title_in_both_languages() -> None:
    bare = set()
    for row in rows_of(FACTORS):
        for part in (row["key"] or "").split("/"):
            if part and not NUMBER.fullmatch(part) and part not in SIGNS:
                title = part_title(row["factor"], part)
                if isinstance(title, str) or not all(in_words(title, language) for language in LANGUAGES):
                    bare.add((row["factor"], part))
    assert bare == set()


@pytest.mark.parametrize(
    ("factor", "key", "en", "zh"),
    [
        ("envelope", "residential/gb55015/3/wall", "residential · GB 55015-2021 · climate zone 3 · wall",
         "居住 · GB 55015-2021 标准 · 气候区 3 · 墙体"),
        ("road_speed", "residential", "lane", "街巷"),
        ("curve_number", "grass/B", "grass · B", "草地 · B"),
        ("measure_site", "rain_garden/17", "rain garden · 17 Inland waters", "雨水花园 · 17 陆地水域"),
        ("carbon_stock", "10/biomass", "10 trees · biomass", "10 树木 · 生物量"),
        ("wetland_methane_rate", "90", "90 wetland", "90 湿地"),
        ("stand_sink_rate", "broadleaf/10", "broadleaf · from age 10", "阔叶林 · 10 年生起"),
        ("consumer_price_index", "2005", "2005", "2005"),
        ("discount_rate", "", "–", "–"),
    ],
)  # fmt: skip
def test_keys_of_factors_are_told_in_words(factor: str, key: str, en: str, zh: str) -> None:
    assert (in_words(key_title(factor, key), "en"), in_words(key_title(factor, key), "zh")) == (en, zh)


def test_the_appendix_of_factors_shows_titles_of_keys(run: Run) -> None:
    (table,) = [block for block in method(View(run)).blocks if isinstance(block, Table) and block.name == "factors"]
    assert "道路" in {in_words(cell, "zh") for cell in table.frame["key"]}


def test_control_sheets_have_fields_for_signatures(run: Run) -> None:
    view = View(run)
    figure = next(block for chapter in block_chapters(view) for block in chapter.blocks if hasattr(block, "draw"))
    said = [text.get_text() for text in figure.draw("zh").texts]
    assert [field for field in ("设计", "制图", "校核", "审核", "审定", "日期") if field in said] == [
        say(f"atlas.{name}", "zh") for name in SIGNED
    ]


@pytest.mark.parametrize(
    "name",
    ["As is", "Scheme B: ground, streets, drains and warnings", "方案B：地面、街道、管网与预警系统提升", "wide " * 40],
)
def test_names_of_maps_side_by_side_stay_over_their_own_map(name: str) -> None:
    bounds = Bounds(0, 0, 1000, 1000)
    panels = [Panel(name, Scene((), bounds)) for _ in range(5)]
    figure = draw_panels(Sheet("t", "p", "", "en", "s"), panels, bounds=bounds)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    names = [text for text in figure.texts if text.get_text().replace("\n", " ")[:4] == name[:4]]
    boxes = [text.get_window_extent(renderer) for text in names]
    assert len(boxes) == len(panels)
    step = boxes[1].x0 - boxes[0].x0
    assert all(box.width < step for box in boxes)
    assert all(box.height / figure.dpi < HEAD + 0.02 for box in boxes)


def worth_view(relative: float, loss: str = "expected_annual_damage") -> Any:
    table = pd.DataFrame(
        [
            {"measure": "green_roof", "indicator": loss, "averted": 1e4, "investment": 1e6,
             "upkeep": 1e4, "lifetime": 20.0, "rate": 0.08, "benefit": 98_181.0, "cost": 1_098_181.0,
             "net": -1e6, "ratio": 0.0894, "payback": np.nan, "status": "assumed"},
            {"measure": "permeable_paving", "indicator": loss, "averted": 2e6, "investment": 1e6,
             "upkeep": 1e4, "lifetime": 20.0, "rate": 0.08, "benefit": 19_636_294.0, "cost": 1_098_181.0,
             "net": 1.85e7, "ratio": 17.88, "payback": 0.5, "status": "recalled_unverified"},
        ]
    )  # fmt: skip
    grids = pd.DataFrame({"relative": [relative]}, index=[loss])
    prices = {"green_roof": SimpleNamespace(source="a table"), "permeable_paving": SimpleNamespace(source="")}
    run = SimpleNamespace(
        table={"worth": table, "grids": grids}.get, choice=SimpleNamespace(prices=prices),
        manifest=SimpleNamespace(screening_grid=SimpleNamespace(cell=20.0)),
    )  # fmt: skip
    return SimpleNamespace(run=run, money=lambda unit="{currency}": unit.replace("{currency}", "CNY"))


def test_the_chapter_of_measures_tells_what_each_measure_alone_is_worth() -> None:
    table = single_measures(worth_view(-0.26))
    assert table is not None
    assert [in_words(cell, "en") for cell in table.frame["measure"]] == ["Permeable paving", "Green roof"]
    assert table.frame["ratio"].tolist() == [18.0, 0.089]
    assert table.frame["rate"].tolist() == [8.0, 8.0]
    assert [in_words(cell, "zh") for cell in table.frame["status"]] == ["来源待核", "假定"]
    assert table.frame["source"].tolist() == ["–", "a table"]
    assert "−26%" in in_words(table.note, "en")
    annuity = (1 - 1.08**-20) / 0.08
    assert table.frame["benefit"].tolist() == pytest.approx([2e6 * annuity, 1e4 * annuity], rel=1e-4)
    assert single_measures(SimpleNamespace(run=SimpleNamespace(table={}.get, choice=None))) is None  # type: ignore[arg-type]


def test_energy_saved_is_counted_where_its_bills_are_the_loss() -> None:
    """The note of Shanghai's pilots said that energy saved was left out, of a benefit that was nothing else."""
    damage, bills = (single_measures(worth_view(0.0, loss)) for loss in ("expected_annual_damage", "energy_cost"))
    assert damage is not None
    assert bills is not None
    assert "Energy saved, carbon" in in_words(damage.note, "en")
    assert "bills that fall are counted" in in_words(bills.note, "en")
    assert "能源费用已计入" in in_words(bills.note, "zh")


@pytest.mark.parametrize(("full", "told"), [(11.5e7, True), (12e7, False)])
def test_a_portfolio_that_costs_otherwise_at_full_resolution_is_told(full: float, told: bool) -> None:
    totals = pd.DataFrame({"alternative": ["chosen"], "unpriced": [""], "present": [full], "build": [8.7e7]})
    asked = SimpleNamespace(alternatives={"chosen": SimpleNamespace(portfolio=True)})
    run = SimpleNamespace(table={"appraisal": totals}.get, manifest=SimpleNamespace(asked=asked))
    view: Any = SimpleNamespace(run=run, money=lambda: "CNY")
    blocks = list(_at_full(view, SimpleNamespace(cost=12e7)))  # type: ignore[arg-type]
    assert len(blocks) == told
    if told:
        assert isinstance(blocks[0], Paragraph)
        assert "115.00 million" in in_words(blocks[0].text, "en", "planning")


@pytest.mark.parametrize("text", ["verdict.then_parcels", "verdict.then_measures"])
def test_what_comes_next_is_a_sentence_of_its_own(text: str) -> None:
    assert in_words(words(text), "en").endswith("then run again.")


@pytest.mark.parametrize(
    ("text", "values", "one"),
    [
        ("error.several", {"count": 1}, "1 problem:"),
        ("cli.size_rest", {"unmeasured": 1, "steps": 40}, "1 of 40 steps has no measured time and comes on top"),
        ("check.size", {"cells": 9, "mib": 1, "seconds": 1, "steps": 1}, "for 1 step."),
        ("sheet.counts", {"parcels": 1, "area": "2", "failed": 1}, "1 parcel, 2 ha; 1 breaches at least"),
        ("rescue.channels_embanked", {"count": 1}, "At 1 place a channel"),
    ],
)
def test_one_of_a_thing_is_told_in_the_singular(text: str, values: dict[str, object], one: str) -> None:
    assert one in say(text, "en", **values)


def test_a_percent_sign_stands_beside_its_number() -> None:
    """Pages had both 53% and 53 %: every text of every room, and what indicators and published ranges cite."""
    package = Path(str(files("citybraid")))
    tables = [*(package / "texts").rglob("*.csv"), package / "codes" / "indicators.csv",
              package / "factors" / "plausible_range.csv"]  # fmt: skip
    apart = [
        (path.name, line[:60])
        for path in tables
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"[}\d] %(?!\w)", line) and not line.startswith(QUOTED)
    ]
    assert apart == []
    quoted = [
        row
        for path in tables
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        if row[0].startswith(QUOTED)
    ]
    assert [row for row in quoted if re.search(r"[}\d] %(?!\w)", row[2])] == []
    assert quoted
