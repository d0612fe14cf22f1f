"""From net emissions to the whole inventory: what each sub-sector has in both, and what the first leaves out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from citybraid.core.account import BY_USE, SIGN, Account
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.model import var_of
from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.core.vocabulary.lowcarbon.emissions import (
    ELECTRICITY_EMISSIONS,
    GAS_EMISSIONS,
    GREEN_SINK,
    HEAT_EMISSIONS,
    METRO_EMISSIONS,
    PV_AVOIDED,
    TRANSPORT_EMISSIONS,
    TRAVEL_ELECTRICITY_EMISSIONS,
)
from citybraid.report.carbon.inventory import AVOIDED, TONNE
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.drawing.units import SUBSCRIPTS, significant
from citybraid.report.view import View, named

NET, SINK = "net_emissions", "green_sink"
"""Indicators of the whole area [t a year]."""
COUNTED: tuple[Any, ...] = (
    ELECTRICITY_EMISSIONS, HEAT_EMISSIONS, GAS_EMISSIONS, TRANSPORT_EMISSIONS, TRAVEL_ELECTRICITY_EMISSIONS,
    METRO_EMISSIONS, PV_AVOIDED,
)  # fmt: skip
"""Columns of buildings that net emissions are the sum of, beside the sink of vegetation."""
LEAST = 0.5
"""Amount from which a difference is told [kg a year]."""


class Reconciled(NamedTuple):
    """Net emissions and the whole inventory [kg a year]: their lines side by side, and the two totals."""

    lines: pd.DataFrame
    """`net`, `inventory` and `added` by line of the inventory: sector/scope/gas/kind."""
    net: float
    whole: float

    @property
    def gap(self) -> float:
        """What the steps from the one to the other leave unexplained."""
        return self.net + float(self.lines["added"].sum()) - self.whole


def reconciliation(view: View) -> Iterator[Block]:
    """Yield a sentence and a table that lead from net emissions to the whole inventory; nothing without both."""
    by_alternative = {name: each for name in view.ends if (each := reconciled(view, name)) is not None}
    if view.base not in by_alternative:
        return
    base = by_alternative[view.base]
    added, gap = base.whole - base.net, max(abs(each.gap) for each in by_alternative.values())
    yield Paragraph(words(
        "reconciliation.told", alternative=view.name(view.base), net=_tonnes(base.net), whole=_tonnes(base.whole),
        added=_tonnes(abs(added)), way=words("reconciliation.more" if added >= 0.0 else "reconciliation.less"),
    ))  # fmt: skip
    yield _table(view, by_alternative, gap)


def _tonnes(value: float) -> Quantity:
    return Quantity(significant(value, "kg CO2e year-1"), "kg CO2e year-1", 0)


def reconciled(view: View, alternative: str) -> Reconciled | None:
    """Return both sides of an alternative, None where the run lacks one."""
    whole = view.column(alternative, "inventory_equivalent")
    units = view.run.table(f"units/{alternative}")
    if whole is None or units is None or not {NET, SINK} <= set(units):
        return None
    values = units.loc[WHOLE_AREA]
    if pd.isna(values[NET]):
        return None
    counted = net_lines(view.frame(alternative, "buildings"), view.shapes(alternative, "study_area"))
    sink = var_of(GREEN_SINK).account
    if sink is not None:
        _add(counted, _line(sink, sink.sector), SIGN[sink.kind] * float(values[SINK]) * TONNE)
    lines = pd.DataFrame({"net": pd.Series(counted, dtype=float), "inventory": whole}).fillna(0.0)
    lines["added"] = lines["inventory"] - lines["net"]
    return Reconciled(lines, float(values[NET]) * TONNE, float(whole.sum()))


def net_lines(buildings: gpd.GeoDataFrame | None, area: gpd.GeoSeries | None) -> dict[str, float]:
    """Return what net emissions count of buildings in the study area, by line of the inventory [kg a year]."""
    if buildings is None:
        return {}
    if area is not None:
        points = shapely.point_on_surface(buildings.geometry.to_numpy())
        buildings = buildings[shapely.covers(shapely.union_all(area.to_numpy()), points)]
    of_use = {use: row.id for row in read_table(EmissionSector) for use in row.building_uses.split()}
    sector = buildings["building_use"].astype(str).map(of_use)
    sums: dict[str, float] = {}
    for var in map(var_of, COUNTED):
        account = var.account
        if var.name not in buildings or account is None:
            continue
        values = buildings[var.name].astype(float).fillna(0.0) * SIGN[account.kind]
        by = sector if account.sector == BY_USE else pd.Series(account.sector, index=buildings.index)
        for name, value in values.groupby(by).sum().items():
            _add(sums, _line(account, str(name)), float(value))
    return sums


def _line(account: Account, sector: str) -> str:
    """Return the line of the inventory of an account in a sub-sector."""
    return f"{sector}/{account.scope}/{account.gas}/{account.kind}"


def _add(sums: dict[str, float], line: str, value: float) -> None:
    sums[line] = sums.get(line, 0.0) + value


def _table(view: View, by_alternative: dict[str, Reconciled], gap: float) -> Table:
    sums = {
        name: each.lines.groupby(_row_of)[["net", "added", "inventory"]].sum() for name, each in by_alternative.items()
    }
    order = [*(row.id for row in read_table(EmissionSector)), AVOIDED]
    rows = [
        row for row in order if any(row in each.index and each.loc[row].abs().max() > 0.0 for each in sums.values())
    ]
    frame = pd.DataFrame({
        "sector": cells([*map(_title, rows), words("lowcarbon.total")]),
        "what": cells([*(_what(by_alternative, row) for row in rows), ""]),
    })  # fmt: skip
    columns = [Column("sector", words("carbon.sector"))]
    for number, name in enumerate(by_alternative):
        for part in ("net", "added", "inventory"):
            values = sums[name][part].reindex(rows, fill_value=0.0)
            frame[f"{part}_{number}"] = [*values, values.sum()]
            columns.append(Column(
                f"{part}_{number}", words(f"reconciliation.{part}", alternative=view.name(name)), "kg CO2e year-1", 0
            ))  # fmt: skip
    columns.append(Column("what", words("reconciliation.what")))
    note = words("reconciliation.note", gap=f"{0.0 + round(gap):.0f}")
    return Table("reconciliation", words("reconciliation.title"), frame, columns, note, appendix=True)


def _row_of(line: object) -> str:
    """Return the row of the table that a line belongs to: its sub-sector, or what is avoided."""
    sector, _, _, kind = str(line).split("/")
    return AVOIDED if kind == "avoided" else sector


def _title(row: str) -> Text:
    return named(*row.split(".")) if row == AVOIDED else named("sector", row)


def _what(by_alternative: dict[str, Reconciled], row: str) -> Text:
    """Return which scopes and gases a row adds or takes away, in any of the alternatives."""
    lines = dict.fromkeys(
        str(line)
        for each in by_alternative.values()
        for line in each.lines.index[each.lines["added"].abs() >= LEAST]
        if _row_of(line) == row
    )
    parts = dict.fromkeys(
        (scope, gas.partition("_")[0], kind) for _, scope, gas, kind in (line.split("/") for line in sorted(lines))
    )
    items = (
        words("reconciliation.part", scope=scope, gas=gas.translate(SUBSCRIPTS), kind=named("account_kind", kind))
        for scope, gas, kind in parts
    )
    return TextList(tuple(items), "; ") if parts else words("reconciliation.same")
