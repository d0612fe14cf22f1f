"""Electricity with other published grid factors side by side: province, regional grid, nation, residual mix."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, resolve
from citybraid.core.rows.carbon import EmissionSector, GridRegion
from citybraid.core.tables import read_table
from citybraid.report.carbon.inventory import lines
from citybraid.report.chapter import Block, Column, Table, Text, cells, words
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.factor_key import part_title
from citybraid.report.view import View
from citybraid.study.run.manifest import FactorRow

COUNTING = "lowcarbon.building_emissions"
"""Model whose grid factor stands for the run's."""
GRID, REGIONAL, RESIDUAL = "grid_emission_factor", "regional_grid_factor", "residual_grid_factor"
TONNE = 1000.0
"""Kilograms in a tonne."""


class Candidate(NamedTuple):
    """A grid factor, with what it is called."""

    name: Text
    row: Factor | FactorRow


def grid_ledger(view: View) -> Iterator[Block]:
    """Yield a row for each published factor that the study's electricity could be counted with; none without two."""
    counted, electricity, table = _counted(view), _electricity(view), lines(view, view.base)
    if counted is None or electricity is None or table is None:
        return
    others = [each for each in _published(view) if each.row.value != counted.value]
    if not others:
        return
    rows = [Candidate(words("grid_ledger.counted"), counted), *others]
    scale = [each.row.value / counted.value for each in rows]
    total = float(table["equivalent"].sum())
    frame = pd.DataFrame({
        "name": cells(each.name for each in rows),
        "factor": [each.row.value for each in rows],
        "year": ["" if each.row.year_to is None else str(each.row.year_to) for each in rows],
        "electricity": [electricity * each for each in scale],
        "total": [total + electricity * (each - 1.0) for each in scale],
        "change": [100.0 * electricity * (each - 1.0) / total for each in scale],
        "status": cells(words(f"status.{each.row.status}") for each in rows),
        "source": cells(cited(each.row.source) for each in rows),
    })  # fmt: skip
    columns = [
        Column("name", words("grid_ledger.name")), Column("factor", words("grid_ledger.factor"), "kg CO2 kWh-1", 4),
        Column("year", words("grid_ledger.year")),
        Column("electricity", words("grid_ledger.electricity"), "t CO2e year-1", 0),
        Column("total", words("grid_ledger.total"), "t CO2e year-1", 0),
        Column("change", words("grid_ledger.change"), "%", 1), Column("status", words("grid_ledger.status")),
        Column("source", words("grid_ledger.source")),
    ]  # fmt: skip
    note = words("grid_ledger.note", alternative=view.name(view.base))
    yield Table("grid_ledger", words("grid_ledger.table"), frame, columns, note, appendix=True)


def _counted(view: View) -> FactorRow | None:
    """Return the grid factor that the base alternative's buildings were counted with; None without one above 0."""
    steps = (step for step in view.run.steps(view.base) if step.model == COUNTING)
    row = next((step.factors[GRID][0] for step in steps if step.factors.get(GRID)), None)
    return row if row is not None and row.value > 0 else None


def _electricity(view: View) -> float | None:
    """Return the emissions of bought electricity in the inventory [t a year]: scope 2 less bought heat."""
    table = lines(view, view.base)
    if table is None:
        return None
    bought = table.loc[(table["scope"] == "2") & (table["kind"] == "emission"), "equivalent"].sum()
    return float(bought) - _heat(view) / TONNE


def _heat(view: View) -> float:
    """Return the emissions of bought heat in the inventory [kg a year]; plants stand for industry's buildings."""
    heat, use = (view.column(view.base, name) for name in ("heat_emissions", "building_use"))
    plants = view.column(view.base, "plant_heat_emissions")
    heat_sum = 0.0 if plants is None else float(plants.sum())
    if heat is None or use is None:
        return heat_sum
    industry = next(row.building_uses.split() for row in read_table(EmissionSector) if row.id == "industry")
    return heat_sum + float((heat if plants is None else heat[~use.astype(str).isin(industry)]).sum())


def _published(view: View) -> Iterator[Candidate]:
    """Yield the factors published for the study's year: its province's, regional grid's, nation's, residual mix."""
    settings = view.run.manifest.asked.study
    if (row := _row(GRID, "", settings.region, settings.year)) is not None and row.region.count("-"):
        yield Candidate(words("grid_ledger.province"), row)
    grid = {each.id: each.grid for each in read_table(GridRegion)}
    here = next((name for region, name in grid.items() if f"{settings.region}-".startswith(f"{region}-")), None)
    if here is not None and (row := _row(REGIONAL, here, settings.region, settings.year)) is not None:
        yield Candidate(part_title(REGIONAL, here), row)
    nation = settings.region.partition("-")[0]
    if (row := _row(GRID, "", nation, settings.year)) is not None and row.region == nation:
        yield Candidate(words("grid_ledger.nation"), row)
    if (row := _newest(RESIDUAL, settings.region, settings.year)) is not None:
        yield Candidate(words("grid_ledger.residual"), row)


def _row(name: str, key: str, region: str, year: int) -> Factor | None:
    """Return the shipped row of a factor; None where there is none for the region."""
    try:
        return resolve(name, region=region, year=year).rows.get(key)
    except InputError:
        return None


def _newest(name: str, region: str, year: int) -> Factor | None:
    """Return the row of a factor with years as keys that lies nearest to a year; None where the region has none."""
    try:
        rows = resolve(name, region=region, year=year).rows
    except InputError:
        return None
    row = rows[min(rows, key=lambda key: (abs(int(key) - year), key))]
    return replace(row, year_to=int(row.key))
