"""Emissions from activity data: by sector and year, beside the modelled ones, and line by line with their sources."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.report.carbon.inventory import TONNE, gas_name, lines
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View, named
from citybraid.study.run.manifest import FactorRow

MODEL, BUILDINGS = "lowcarbon.activity_emissions", "lowcarbon.building_emissions"
PARTS = ["year", "sector", "scope", "gas", "fuel"]
YEARS = 10
"""Years that the table by sector shows, the newest."""
KWH_IN_TJ = 1e6 / 3.6
PLANTS = ("energy_industry", "1")
"""Sector and scope of plants that feed the grid, which the total leaves out."""


def activity(view: View) -> Iterator[Block]:
    """Yield emissions from activity data; nothing where the study has none."""
    table = activity_lines(view)
    if table is not None:
        yield from _by_year(table)
        yield from _beside(view, table)
        yield from _sources(view, table)
    yield from _market(view)


def activity_lines(view: View) -> pd.DataFrame | None:
    """Return the lines of emissions from activity data: energy [TJ], factor [kg TJ-1], CO2e [t]; None without data."""
    names = {"energy": "consumed", "factor": "factor", "co2e": "equivalent"}
    columns = {name: view.column(view.base, f"activity_{var}") for name, var in names.items()}
    if any(column is None for column in columns.values()):
        return None
    table = pd.DataFrame(columns)
    table[PARTS] = [str(line).split("/") for line in table.index]
    table["co2e"] /= TONNE
    order = {row.id: number for number, row in enumerate(read_table(EmissionSector))}
    return table.sort_values(
        ["sector", "scope", "fuel", "gas"],
        key=lambda each: each.map(order).fillna(each) if each.name == "sector" else each,
        kind="stable",
    )


def _by_year(table: pd.DataFrame) -> Iterator[Block]:
    """A row for each sector and scope, a column for each year [t]."""
    wide = table.pivot_table(index=["sector", "scope"], columns="year", values="co2e", aggfunc="sum", sort=False)
    years = sorted(wide.columns)[-YEARS:]
    frame = pd.DataFrame({
        "sector": cells(named("sector", str(sector)) for sector, _ in wide.index),
        "scope": [str(scope) for _, scope in wide.index],
        **{year: wide[year].to_numpy() for year in years},
    })  # fmt: skip
    columns = [
        Column("sector", words("carbon.sector")), Column("scope", words("carbon.scope")),
        *(Column(year, year, "t CO2e year-1", 0) for year in years),
    ]  # fmt: skip
    yield Table("activity_years", words("activity.years"), frame, columns, words("activity.years_note"))


def _beside(view: View, table: pd.DataFrame) -> Iterator[Block]:
    """Modelled emissions beside those from activity data, by sector and scope, and what the difference is."""
    modelled, year = lines(view, view.base), view.number(view.base, "activity_year")
    if modelled is None or year is None:
        return
    now = table[table["year"] == str(int(year))]
    stated = now.groupby(["sector", "scope"])["co2e"].sum()
    counted = modelled[modelled["kind"] == "emission"].groupby(["sector", "scope"])["equivalent"].sum()
    rows = [key for key in _ordered({*stated.index} | {*counted.index}) if key != PLANTS]
    bottom = np.array([counted.get(key, np.nan) for key in rows])
    top = np.array([stated.get(key, np.nan) for key in rows])
    frame = pd.DataFrame({
        "sector": cells(named("sector", sector) for sector, _ in rows),
        "scope": [scope for _, scope in rows],
        "modelled": bottom,
        "stated": top,
        "difference": np.nan_to_num(bottom) - np.nan_to_num(top),
        "reason": cells(_reason(view, key, one, other, now) for key, one, other in zip(rows, bottom, top, strict=True)),
    })  # fmt: skip
    columns = [
        Column("sector", words("carbon.sector")), Column("scope", words("carbon.scope")),
        Column("modelled", words("activity.modelled"), "t CO2e year-1", 0),
        Column("stated", words("activity.stated", year=int(year)), "t CO2e year-1", 0),
        Column("difference", words("activity.difference"), "t CO2e year-1", 0),
        Column("reason", words("activity.reason")),
    ]  # fmt: skip
    total, market, plants = (
        view.number(view.base, f"activity_{name}") for name in ("total", "market_total", "generation")
    )
    quantities = {
        name: Quantity(value or 0.0, "kg CO2e year-1", 0)
        for name, value in (("total", total), ("market", market), ("plants", plants))
    }
    missing = [sector for sector in dict.fromkeys(table["sector"]) if sector not in set(now["sector"])]
    absent = TextList(tuple(named("sector", sector) for sector in missing), ", ") if missing else words("activity.none")
    note = words("activity.beside_note", year=int(year), absent=absent, **quantities)
    yield Table("activity_beside", words("activity.beside"), frame, columns, note)


def _ordered(keys: set[tuple[str, str]]) -> list[tuple[str, str]]:
    order = {row.id: number for number, row in enumerate(read_table(EmissionSector))}
    return sorted(keys, key=lambda key: (order[key[0]], key[1]))


def _reason(view: View, key: tuple[str, str], modelled: float, stated: float, now: pd.DataFrame) -> Text:
    """Return what a difference is: only one side has the sector, or consumption and factor differ."""
    if np.isnan(modelled):
        return words("activity.only_stated")
    if np.isnan(stated):
        return words("activity.only_modelled")
    factor = _grid_factor(view)
    if key[1] != "2" or factor is None:
        return words("activity.both", share=f"{100 * (modelled / stated - 1):+.0f}" if stated else "-")
    used = now[(now["sector"] == key[0]) & (now["scope"] == "2") & (now["fuel"] == "electricity")]
    by_factor = float((used["energy"] * (factor * KWH_IN_TJ - used["factor"])).sum()) / TONNE
    values = {
        name: Quantity(TONNE * each, "kg CO2e year-1", 0)
        for name, each in (("factor", by_factor), ("use", modelled - stated - by_factor))
    }
    return words("activity.split", **values)


def _grid_factor(view: View) -> float | None:
    """Return the grid's factor of the model of buildings [kg kWh-1], None where the run has none."""
    steps = (step for step in view.run.steps(view.base) if step.model == BUILDINGS)
    rows = next((step.factors.get("grid_emission_factor", ()) for step in steps), ())
    return rows[0].value if rows else None


def _sources(view: View, table: pd.DataFrame) -> Iterator[Block]:
    """A row for each line of the year: energy, factor, where the factor and the amounts come from."""
    year = view.number(view.base, "activity_year")
    step = next((each for each in view.run.steps(view.base) if each.model == MODEL), None)
    stated = view.column(view.base, "activity_source")
    if year is None or step is None or stated is None:
        return
    now = table[table["year"] == str(int(year))]
    rows = {(row.factor, row.key): row for each in step.factors.values() for row in each}
    kind, report = str(step.params.get("factors", "provincial")), str(step.params["gwp"])
    factor_rows = [_factor_row(rows, kind, line) for line in now.itertuples()]
    frame = pd.DataFrame({
        "sector": cells(named("sector", str(name)) for name in now["sector"]),
        "scope": now["scope"].to_numpy(),
        "fuel": cells(named("fuel", str(name)) for name in now["fuel"]),
        "gas": cells(gas_name(str(gas)) for gas in now["gas"]),
        "energy": now["energy"].to_numpy(), "factor": now["factor"].to_numpy(), "co2e": now["co2e"].to_numpy(),
        "potential": (now["co2e"] * TONNE / (now["energy"] * now["factor"])).to_numpy(),
        "origin": cells(_origin(row) for row in factor_rows),
        "status": cells(words(f"status.{row.status}") if row is not None else "" for row in factor_rows),
        "data": [_stated(stated, line) for line in now.itertuples()],
    })  # fmt: skip
    columns = [
        Column("sector", words("carbon.sector")), Column("scope", words("carbon.scope")),
        Column("fuel", words("activity.fuel")), Column("gas", words("carbon.gas")),
        Column("energy", words("activity.energy"), "TJ year-1", 1),
        Column("factor", words("activity.factor"), "kg TJ-1"),
        Column("potential", words("activity.potential", report=report), digits=1),
        Column("co2e", words("activity.equivalent"), "t CO2e year-1"),
        Column("origin", words("activity.origin")), Column("status", words("activity.status")),
        Column("data", words("activity.data")),
    ]  # fmt: skip
    yield Table("activity_sources", words("activity.sources", year=int(year)), frame, columns, appendix=True)


def _factor_row(rows: dict[tuple[str, str], FactorRow], kind: str, line: object) -> FactorRow | None:
    """Return the factor row that a line was computed with."""
    fuel, gas, sector, year = (getattr(line, name) for name in ("fuel", "gas", "sector", "year"))
    if fuel == "electricity":
        keys = [key for name, key in rows if name == "grid_emission_factor"]
        return rows["grid_emission_factor", min(keys, key=lambda key: (abs(int(key) - int(year)), key))]
    if fuel == "heat":
        return rows.get(("heat_emission_factor", ""))
    name = f"fuel_{str(gas).partition('_')[0].lower()}"
    return rows.get((name, f"{kind}/{fuel}" if gas == "CO2" else f"{sector}/{fuel}"))


def _origin(row: FactorRow | None) -> Text:
    if row is None:
        return ""
    name = f"{row.factor}/{row.key}"
    return TextList((name, cited(row.source)), " · ") if row.source else name


def _stated(stated: pd.Series, line: object) -> str:
    """Return where the amounts of a line are stated: the first places, and how many more there are."""
    start = "/".join(str(getattr(line, name)) for name in ("year", "sector", "fuel")) + "/"
    places = [str(text) for key, text in stated.items() if str(key).startswith(start)]
    return "; ".join(places[:2]) + (f" (+{len(places) - 2})" if len(places) > 2 else "")  # noqa: PLR2004  (two shown)


def _market(view: View) -> Iterator[Block]:
    """The electricity of buildings by both methods, where green power is stated."""
    location, market = (view.number(view.base, f"{name}_electricity") for name in ("location", "market"))
    if location is not None and market is not None:
        values: dict[str, object] = {
            "location": Quantity(location, "kg CO2e year-1", 0), "market": Quantity(market, "kg CO2e year-1", 0)
        }  # fmt: skip
        yield Paragraph(words("activity.market", **values))
