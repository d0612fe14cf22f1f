"""City emissions on the parcels of the plan: the modelled total beside the downscaled one, by sector, with errors."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.report.carbon.inventory import TONNE, lines
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.view import View, named

COLUMNS = ("plan", "share", "on_parcels", "modelled", "main", "moved", "rmse", "rank")
SAME = 0.5
"""Difference in percent below which two values count as the same."""


def downscaling(view: View) -> Iterator[Block]:
    """Yield modelled and downscaled emissions by sector, and the proxies with their errors; nothing without them."""
    table, numbers = _lines(view), _numbers(view)
    if table is None or numbers is None:
        return
    yield from _beside(view, table, numbers)
    yield from _proxies(table)


def _lines(view: View) -> pd.DataFrame | None:
    columns = {name: view.column(view.base, f"downscaling_{name}") for name in COLUMNS}
    if any(column is None or column.empty for column in columns.values()):
        return None
    table = pd.DataFrame(columns)
    table[["sector", "proxy"]] = [str(line).split("/") for line in table.index]
    order = {row.id: number for number, row in enumerate(read_table(EmissionSector))}
    return table.sort_values("sector", key=lambda each: each.map(order), kind="stable")


def _numbers(view: View) -> dict[str, float] | None:
    numbers = {
        name: view.number(view.base, name) for name in ("downscaled_total", "downscaled_outside", "activity_year")
    }
    return (
        None
        if any(value is None for value in numbers.values())
        else {n: v for n, v in numbers.items() if v is not None}
    )


def _beside(view: View, table: pd.DataFrame, numbers: dict[str, float]) -> Iterator[Block]:
    """The bottom-up total beside the one from activity data: a row for each sector, and their sum."""
    main = table[table["main"] > 0].set_index("sector")
    modelled = _modelled(view)
    order = [row.id for row in read_table(EmissionSector) if row.id in main.index or row.id in modelled]
    stated = np.array([main["plan"].get(name, np.nan) for name in order]) / TONNE
    bottom = np.array([modelled.get(name, np.nan) for name in order])
    difference = np.nan_to_num(bottom) - np.nan_to_num(stated)
    frame = pd.DataFrame({
        "sector": cells([*(named("sector", name) for name in order), words("downscaling.sum")]),
        "share": np.append([100 * main["share"].get(name, np.nan) for name in order], np.nan),
        "modelled": np.append(bottom, np.nansum(bottom)),
        "stated": np.append(stated, np.nansum(stated)),
        "difference": np.append(difference, difference.sum()),
        "reason": cells([*(_reason(one, other) for one, other in zip(bottom, stated, strict=True)), ""]),
    })  # fmt: skip
    columns = [
        Column("sector", words("carbon.sector")), Column("share", words("downscaling.share"), "%", 2),
        Column("modelled", words("activity.modelled"), "t CO2e year-1", 0),
        Column("stated", words("downscaling.stated", year=int(numbers["activity_year"])), "t CO2e year-1", 0),
        Column("difference", words("activity.difference"), "t CO2e year-1", 0),
        Column("reason", words("activity.reason")),
    ]  # fmt: skip
    both = {name: Quantity(TONNE * float(frame[name].iloc[-1]), "kg CO2e year-1", 0) for name in ("modelled", "stated")}
    largest = TextList(tuple(named("sector", order[at]) for at in np.argsort(-np.abs(difference))[:2]), ", ")
    yield Paragraph(words("downscaling.lead", year=int(numbers["activity_year"]), largest=largest, **both))
    outside = Quantity(numbers["downscaled_outside"], "kg CO2e year-1", 0)
    yield Table(
        "downscaled", words("downscaling.beside"), frame, columns, words("downscaling.beside_note", outside=outside)
    )


def _modelled(view: View) -> dict[str, float]:
    """Return the modelled emissions of scopes 1 and 2 by sector [t]."""
    inventory = lines(view, view.base)
    if inventory is None:
        return {}
    counted = inventory[(inventory["kind"] == "emission") & inventory["scope"].isin(["1", "2"])]
    return {str(name): float(value) for name, value in counted.groupby("sector")["equivalent"].sum().items()}


def _reason(modelled: float, stated: float) -> Text:
    if np.isnan(modelled):
        return words("activity.only_stated")
    if np.isnan(stated):
        return words("activity.only_modelled")
    off = 100 * (modelled / stated - 1)
    return words("downscaling.same") if abs(off) < SAME else words("activity.both", share=f"{off:+.0f}")


def _proxies(table: pd.DataFrame) -> Iterator[Block]:
    """A row for each proxy: what it places on parcels, how much elsewhere, and its error against the models."""
    frame = pd.DataFrame({
        "sector": cells(named("sector", name) for name in table["sector"]),
        "proxy": cells(named("downscaling_proxy", str(name).partition(".")[0]) for name in table["proxy"]),
        "counts": cells(words(f"downscaling.{'counts' if main > 0 else 'beside_it'}") for main in table["main"]),
        "on_parcels": table["on_parcels"].to_numpy() / TONNE,
        "moved": 100 * table["moved"].to_numpy(),
        "rmse": table["rmse"].to_numpy() / TONNE,
        "rank": table["rank"].to_numpy(),
    })  # fmt: skip
    columns = [
        Column("sector", words("carbon.sector")), Column("proxy", words("downscaling.proxy")),
        Column("counts", words("downscaling.use")),
        Column("on_parcels", words("lowcarbon.parcels"), "t CO2e year-1", 0),
        Column("moved", words("downscaling.moved"), "%", 0),
        Column("rmse", words("downscaling.rmse"), "t CO2e year-1", 1), Column("rank", words("downscaling.rank"), "", 2),
    ]  # fmt: skip
    yield Table(
        "downscaling_proxies", words("downscaling.proxies"), frame, columns, words("downscaling.proxies_note"),
        appendix=True,
    )  # fmt: skip
