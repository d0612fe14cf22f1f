"""The inventory of a run: its lines by sector, scope and gas, and emissions by sector of every alternative."""

from collections.abc import Iterator, Mapping

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.report.chapter import Block, Column, Figure, Table, Text, TextList, cells, in_words, words
from citybraid.report.drawing.charts import Labels, stacked_bars
from citybraid.report.drawing.units import SUBSCRIPTS, label
from citybraid.report.view import View, named

ACCOUNTS = "lowcarbon.emission_accounts"
OWN_BARS, AVOIDED = "stationary", "account_kind.avoided"
"""Sector whose sub-sectors have parts of their own in the chart, and the part of what is avoided."""
TONNE = 1000.0
"""Kilograms in a tonne."""


def lines(view: View, alternative: str) -> pd.DataFrame | None:
    """Return the lines of an alternative's inventory [t a year] in the order of sectors; None where there is none."""
    mass, equivalent = (view.column(alternative, f"inventory_{name}") for name in ("mass", "equivalent"))
    on_parcels = view.column(alternative, "inventory_on_parcels")
    if mass is None or equivalent is None or on_parcels is None or mass.empty:
        return None
    parts = [str(line).split("/") for line in mass.index]
    table = pd.DataFrame(parts, columns=["sector", "scope", "gas", "kind"], index=mass.index)
    for name, values in (("mass", mass), ("equivalent", equivalent), ("on_parcels", on_parcels)):
        table[name] = values / TONNE
    order = [row.id for row in read_table(EmissionSector)]
    return table.sort_values(["sector", "scope", "gas"], key=lambda column: _ranked(column, order), kind="stable")


def gas_name(gas: str) -> Text:
    """Return how a gas of the inventory is told: methane from fossil sources as such, as its potential is another."""
    name, _, fossil = gas.translate(SUBSCRIPTS).partition("_")
    return words("carbon.gas_fossil", gas=name) if fossil else name


def _ranked(column: pd.Series, order: list[str]) -> pd.Series:
    return column.map(order.index) if column.name == "sector" else column


def inventory(view: View) -> Iterator[Block]:
    """Yield the inventory of the base alternative, line by line, with those of the others beside it."""
    tables = {name: table for name in view.run.alternatives if (table := lines(view, name)) is not None}
    if view.base not in tables:
        return
    every = pd.concat(tables.values()).loc[lambda table: ~table.index.duplicated()]
    order = [row.id for row in read_table(EmissionSector)]
    every = every.loc[[any(table["mass"].get(line, 0.0) > 0 for table in tables.values()) for line in every.index]]
    every = every.sort_values(["sector", "scope", "gas"], key=lambda column: _ranked(column, order), kind="stable")
    frame = pd.DataFrame({
        "sector": cells(named("sector", str(name)) for name in every["sector"]),
        "scope": every["scope"].to_numpy(),
        "gas": cells(gas_name(str(gas)) for gas in every["gas"]),
        "kind": cells(named("account_kind", str(kind)) for kind in every["kind"]),
        "mass": tables[view.base]["mass"].reindex(every.index).to_numpy(),
        **{name: table["equivalent"].reindex(every.index).to_numpy() for name, table in tables.items()},
    })  # fmt: skip
    columns = [
        Column("sector", words("carbon.sector")), Column("scope", words("carbon.scope")),
        Column("gas", words("carbon.gas")), Column("kind", words("carbon.kind")),
        Column("mass", words("carbon.mass", alternative=view.name(view.base))),
        *(Column(name, words("carbon.equivalent", alternative=view.name(name)), "t CO2e year-1", 0) for name in tables),
    ]  # fmt: skip
    yield Table("inventory", words("carbon.inventory"), frame, columns, _note(view, tables[view.base]))


def _note(view: View, table: pd.DataFrame) -> Text:
    """Return which potentials weigh gases, and which sectors of the inventory nothing brings."""
    absent = [row.id for row in read_table(EmissionSector) if row.id not in set(table["sector"])]
    steps = (step for step in view.run.steps(view.base) if step.model == ACCOUNTS)
    report = next((str(step.params.get("gwp", "")) for step in steps), "")
    names = TextList(tuple(named("sector", row) for row in absent), ", ")
    return words("carbon.inventory_note", report=report, absent=names)


def sectors(view: View) -> Iterator[Block]:
    """Yield a chart of each alternative's emissions by sector; nothing where no alternative has emissions."""
    tables = {name: table for name in view.run.alternatives if (table := lines(view, name)) is not None}
    group_of = {row.id: row.group for row in read_table(EmissionSector)}
    sums = {name: table.groupby(table.apply(_charted, axis=1, args=(group_of,)))["equivalent"].sum()
            for name, table in tables.items()}  # fmt: skip
    if not any((each > 0).any() for each in sums.values()):
        return
    order = [*(f"sector.{row.id}" for row in read_table(EmissionSector) if row.group == OWN_BARS),
             *(f"sector_group.{group}" for group in dict.fromkeys(group_of.values())), AVOIDED]  # fmt: skip
    shown = [part for part in order if any(part in each for each in sums.values())]

    def draw(language: str) -> Drawing:
        frame = pd.DataFrame(
            {
                in_words(named(*part.split(".")), language): [float(each.get(part, 0.0)) for each in sums.values()]
                for part in shown
            },
            index=[in_words(view.name(name), language) for name in tables],
        )
        title = words("lowcarbon.sectors").say(language)
        return stacked_bars(frame, Labels(title, y=label("t CO2e year-1", language)))

    yield Figure("emissions_by_sector", words("lowcarbon.sectors_caption"), draw)


def _charted(line: pd.Series, group_of: Mapping[str, str]) -> str:
    """Return the part of the chart that a line belongs to: few enough that each has a colour of its own."""
    if line["kind"] == "avoided":
        return AVOIDED
    group = group_of[line["sector"]]
    return f"sector.{line['sector']}" if group == OWN_BARS else f"sector_group.{group}"
