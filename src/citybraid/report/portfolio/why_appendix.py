"""Tables of why a portfolio was chosen, for the appendix."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Column, Table, TextList, cells, words
from citybraid.report.drawing.units import significant_together
from citybraid.report.portfolio.about import DIGITS, About
from citybraid.report.portfolio.floors import floor_table
from citybraid.report.view import measure_title

LITTLE = 0.05
"""Share of a measure's money that is not told where it would stay unspent [-]."""


def why_appendix(about: About) -> Iterator[Block]:
    """Yield each measure in each unit with its effect for money and the reason, and what one more costs by unit."""
    yield _by_cell(about)
    yield _by_unit(about)
    yield from _by_measure(about)
    yield from floor_table(about)


def _by_cell(about: About) -> Table:
    money, amount = about.view.money(), float(about.head["amount"])
    rows = about.table("why_cells")
    frame = pd.DataFrame(
        {
            "measure": cells(measure_title(str(name)) for name in rows["measure"]),
            "zone": cells(about.zone(str(unit)) for unit in rows["unit"]),
            "adoption": 100.0 * rows["adoption"].to_numpy(dtype=float),
            "placed": 100.0 * rows.get("placed", rows["adoption"]).to_numpy(dtype=float),
            "gain": significant_together(rows["gain"], about.unit),
            "cost": rows["cost"].to_numpy(dtype=float),
            "rate": [
                float(f"{amount * value:.{DIGITS}g}") if np.isfinite(value) else np.nan for value in rows["per_money"]
            ],
            "reason": cells(words(f"why_reason.{reason}") for reason in rows["reason"]),
        }
    ).assign(order=rows["per_money"].to_numpy(dtype=float))
    frame = frame.sort_values("order", ascending=False, kind="stable", ignore_index=True).drop(columns="order")
    unit = about.unit_name
    differ = bool((frame["placed"].round() != frame["adoption"].round()).any())
    columns = [
        Column("measure", words("measures.measure")), Column("zone", words("plan.unit")),
        Column("adoption", words("why.adoption"), "%", 0),
        *([Column("placed", words("why.adoption_placed"), "%", 0)] if differ else []),
        Column("gain", words("why.gain", unit=unit)),
        Column("cost", words("measures.cost"), money),
        Column("rate", words("why.rate", amount=about.money(amount), unit=unit)), Column("reason", words("why.reason")),
    ]  # fmt: skip
    note = words("why.cells_note_placed" if differ else "why.cells_note", indicator=about.name)
    return Table("why_cells", words("why.cells"), frame, columns, note, appendix=True)


def _by_measure(about: About) -> Iterator[Block]:
    """Yield what the goal loses without each measure, on both bases: as the choice counts, and as it is placed."""
    rows = about.table("why_measures")
    if rows.empty or "whole" not in rows:
        return
    placed = placed_costs(about)
    gain = float(rows["whole"].iloc[0])
    lost = rows["lost"].to_numpy(dtype=float)
    frame = pd.DataFrame(
        {
            "measure": cells(measure_title(str(name)) for name in rows["measure"]),
            "lost": significant_together(rows["lost"], about.unit),
            "left": significant_together(pd.Series(gain - lost), about.unit),
            "counted": rows["cost"].to_numpy(dtype=float),
            "placed": [placed.get(str(name), np.nan) for name in rows["measure"]],
            "instead": cells(
                TextList(tuple(measure_title(name) for name in str(names).split()), ", ") if names else "–"
                for names in rows["instead"]
            ),
            "unspent": [unspent(row) for row in rows.to_dict("records")],
        }
    )
    rest = [Column("unspent", words("why.unspent"), about.view.money())] if frame["unspent"].any() else []
    money, unit = about.view.money(), about.unit_name
    columns = [
        Column("measure", words("measures.measure")), Column("lost", words("why.lost_without", unit=unit)),
        Column("left", words("why.left_without", unit=unit)), Column("counted", words("why.cost_counted"), money),
        Column("placed", words("why.cost_placed"), money), Column("instead", words("why.instead")),
        *rest,
    ]  # fmt: skip
    note = words("why.by_measure_note", indicator=about.name, gain=about.gain(gain))
    yield Table("why_measures", words("why.by_measure"), frame, columns, note, appendix=True)


def unspent(row: Mapping[Hashable, Any]) -> float:
    """Return the money of a measure that would buy nothing without it; 0 for little of it, and in older runs."""
    rest = float(row.get("unspent", 0.0))
    return rest if rest > LITTLE * float(row["cost"]) else 0.0


def placed_costs(about: About) -> dict[str, float]:
    """Return what each measure of the portfolio costs as it is placed at full resolution, as the table of costs has it.

    The choice counts on the screening grid: wetlands that fill whole sites there cost 4.45 for 2.94 million.
    """
    asked, costs = about.view.run.manifest.asked.alternatives, about.table("costs")
    chosen = [name for name, each in asked.items() if each.portfolio]
    if len(chosen) != 1 or costs.empty:
        return {}
    own = costs[(costs["alternative"] == chosen[0]) & costs["present"].notna()]
    return {str(measure): float(cost) for measure, cost in own.groupby("measure")["present"].sum().items()}


def _by_unit(about: About) -> Table:
    units, unit = about.table("why_units"), about.unit_name
    money = about.view.money()
    able = units[units["cost"].notna() & (units["left"] > 0.0)]
    one = about.one(float(able["cost"].min()), most=float(able["left"].max())) if len(able) else about.one(0.0)
    frame = pd.DataFrame(
        {
            "zone": cells(about.zone(str(name)) for name in units["unit"]),
            "left": significant_together(units["left"], about.unit),
            "cost": np.where(units["left"] >= one.value, one.value * units["cost"].to_numpy(dtype=float), np.nan),
        }
    )
    columns = [
        Column("zone", words("plan.unit")), Column("left", words("why.still", unit=unit)),
        Column("cost", words("why.unit_cost", one=about.step(one)), money),
    ]  # fmt: skip
    text = "why.by_unit_note_floors" if len(about.table("why_floors")) else "why.by_unit_note"
    note = words(text, indicator=about.name)
    return Table("why_units", words("why.by_unit"), frame, columns, note, appendix=True)
