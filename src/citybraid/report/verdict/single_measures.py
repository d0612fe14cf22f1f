"""Cost and benefit of each measure alone: the yearly loss that it avoids against its price."""

import numpy as np

from citybraid.planning.rows import yearly_energy_bills
from citybraid.report.chapter import Column, Table, Text, cells, words
from citybraid.report.drawing.units import number
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.unseen import off_by
from citybraid.report.view import View, measure_title, named

RATE_DIGITS, RATIO_DIGITS = 1, 2


def single_measures(view: View) -> Table | None:
    """Return a row per priced measure and yearly loss, the best ratio first; None where the run has none."""
    table, choice = view.run.table("worth"), view.run.choice
    if table is None or table.empty or choice is None:
        return None
    rows = table.sort_values("ratio", ascending=False, kind="stable", ignore_index=True)
    names = [str(name) for name in rows["measure"]]
    frame = rows[["averted", "cost", "benefit", "net"]].copy()
    frame["measure"] = cells(measure_title(name) for name in names)
    frame["loss"] = cells(named("indicator", str(name)) for name in rows["indicator"])
    frame["ratio"] = [float(f"{ratio:.{RATIO_DIGITS}g}") for ratio in rows["ratio"]]
    frame["lifetime"], frame["rate"] = rows["lifetime"], 100.0 * rows["rate"]
    frame["status"] = cells(named("status", str(status)) for status in rows["status"])
    prices = [choice.prices.get(name) for name in names]
    frame["source"] = cells(cited(price.source) if price is not None and price.source else "–" for price in prices)
    money, yearly = view.money(), view.money("{currency} year-1")
    columns = [
        Column("measure", words("measures.measure")), Column("averted", words("measures.averted"), yearly),
        Column("benefit", words("measures.benefit"), money), Column("cost", words("measures.cost"), money),
        Column("net", words("measures.net"), money), Column("ratio", words("measures.ratio")),
        Column("lifetime", words("measures.lifetime"), "year", 0),
        Column("rate", words("measures.rate"), "%", RATE_DIGITS), Column("status", words("method.status")),
        Column("source", words("measures.price_source")),
    ]  # fmt: skip
    if rows["indicator"].nunique() > 1:
        columns.insert(1, Column("loss", words("measures.worth_loss")))
    note = _note(view, [str(name) for name in rows["indicator"]])
    return Table("worth", words("measures.worth"), frame, columns, note)


def _note(view: View, losses: list[str]) -> Text:
    """What the benefit counts, on which grid, and how far that grid is off in the loss itself."""
    grids = view.run.table("grids")
    off = [] if grids is None else [float(each) for each in grids["relative"].reindex([*dict.fromkeys(losses)])]
    largest = max((each for each in off if np.isfinite(each)), key=abs, default=None)
    note: Text = "" if largest is None else words("measures.worth_off", off=off_by(largest))
    counted = words("measures.worth_bills" if {*losses} & {*yearly_energy_bills()} else "measures.worth_losses")
    return words(
        "measures.worth_note", cell=number(view.run.manifest.screening_grid.cell), seen=note, counted=counted
    )  # fmt: skip
