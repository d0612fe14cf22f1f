"""A choice between two measures in two units, and what a report's section on it says, without any run of models."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.learn.effects import EffectTable, Single
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.portfolio.why import why_blocks
from citybraid.report.view import View
from citybraid.study.run.run import Run

NET = Goal("net_emissions", -1)
BUDGET = 5e6
COVER = Target("canopy_cover", 1, 11.0)


def town() -> Programme:
    """Return roofs of 2.5 and 1.25 kg for each yuan in two units, trees of 1.5 and 0.5 kg with 1 % of canopy each."""
    rows = ["U1", "U2", WHOLE_AREA]
    single = {}
    for name, (one, cost_one), (two, cost_two), cover in (
        ("green_roof", (10e3, 4e6), (5e3, 4e6), 0.0), ("street_trees", (3e3, 2e6), (1e3, 2e6), 1.0),
    ):  # fmt: skip
        change = pd.DataFrame({"net_emissions": [-one, -two, -one - two]}, index=rows)
        change["canopy_cover"] = [cover, cover, 2 * cover]
        single[name] = Single(pd.Series({"U1": cost_one / 400.0, "U2": cost_two / 400.0}), change)
    base = pd.DataFrame({"net_emissions": [2e4, 2e4, 4e4], "canopy_cover": [10.0, 10.0, 10.0]}, index=rows)
    cost = Factor("measure_cost", "", 300.0, "CNY m-2", "user", low=240.0, high=900.0)
    price = Price(300.0, 6.0, 30.0, 400.0, "user", (cost,))
    return Programme.of(EffectTable(base, single, {}), dict.fromkeys(single, price))


def seen(run: Run, tables: Mapping[str, pd.DataFrame]) -> Any:
    """Return a view of a run with tables of its own."""
    ends = ("as_is", "chosen")
    return SimpleNamespace(
        run=SimpleNamespace(table=tables.get, choice=run.choice, manifest=run.manifest, alternatives=ends),
        unit_of=View(run).unit_of, money=View(run).money, ends=ends,
        column=lambda *_: pd.Series({"U1": "北区", "U2": "南区"}), base="as_is",
    )  # fmt: skip


def told(run: Run, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the section's sentences in each language, one after another."""
    blocks = list(why_blocks(seen(run, tables)))
    assert all(
        isinstance(block, Paragraph) or block.appendix for block in blocks if isinstance(block, Paragraph | Table)
    )
    return {
        language: " | ".join(in_words(block.text, language) for block in blocks if isinstance(block, Paragraph))
        for language in ("en", "zh")
    }
