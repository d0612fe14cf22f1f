"""Entries of the inventory: amounts of one gas at one sector and scope, in tonnes of gas and of CO2 equivalent."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core import catalogue
from citybraid.core.account import BY_USE, SIGN, Account
from citybraid.core.errors import InputError
from citybraid.core.model import reads
from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.core.text import Phrase, known
from citybraid.core.var import Factors, Table, Var
from citybraid.lowcarbon.potentials import potential

F64 = NDArray[np.float64]
GROUPS = ("stationary", "transport", "waste", "processes", "land")
INDUSTRY = "industry"
LINKS = 2
"""How far back the inputs of an unknown amount are named: residents, and the population that they are spread from."""
OUTSIDE_AREA = -2
"""Place of what lies outside the study area."""


class Entry(NamedTuple):
    """Amounts [kg a year] of one gas at many places; `place` is a parcel's number, -1 outside all parcels."""

    account: Account
    amount: F64
    place: NDArray[np.int64]

    @property
    def line(self) -> str:
        """Line of the inventory: sector, scope, gas and kind."""
        return "/".join((self.account.sector, str(self.account.scope), self.account.gas, self.account.kind))


class Lines(NamedTuple):
    """Lines of the inventory [kg a year], by their id: mass of the gas, signed CO2e, and CO2e on parcels."""

    mass: pd.Series
    co2e: pd.Series
    on_parcels: pd.Series


def table_entries(
    table: gpd.GeoDataFrame,
    quantities: Iterable[Var],
    place: NDArray[np.int64],
    *,
    stood_for: NDArray[np.bool_] | None = None,
) -> Iterator[Entry]:
    """Return the entries of a table's columns; rows outside the study area are left out.

    Where a building is `stood_for` by a plant, its energy is left out if its use is of industry: the plant's bills hold
    it. Raises InputError where an amount is unknown.
    """
    inside = place > OUTSIDE_AREA
    covered = np.zeros(len(table), dtype=np.bool_) if stood_for is None else stood_for
    for var in (var for var in quantities if var.name in table):
        amount = table[var.name].to_numpy(dtype=np.float64)
        if unknown := int(np.isnan(amount).sum()):
            first = str(table.index[np.isnan(amount)][0])
            raise InputError(
                "carbon.unknown_amount",
                column=Phrase(f"var.{var.name}", {}),
                table=Phrase(f"var.{var.on}", {}),
                count=unknown,
                first=first,
                needs=computed_from(var),
            )
        account = account_of(var)
        if account.sector != BY_USE:
            yield Entry(account, amount[inside], place[inside])
            continue
        sector = table["building_use"].astype(str).map(sector_by_use()).to_numpy()
        for name in sorted(set(sector)):
            here = inside & (sector == name)
            if name == INDUSTRY and account.kind == "emission":
                here &= ~covered
            yield Entry(Account(name, account.scope, account.gas, account.kind), amount[here], place[here])


def computed_from(var: Var) -> tuple[Phrase, ...]:
    """Return the names of the columns that a quantity is computed from, and of those that these come from."""
    names_used: dict[str, None] = {}
    names = [var.name]
    for _ in range(LINKS):
        names = [
            each for name in names for each in _columns_before(name) if each not in names_used and each != var.name
        ]
        names_used |= dict.fromkeys(names)
    return tuple(Phrase(f"var.{name}", {}) for name in names_used if known(f"var.{name}"))


def _columns_before(name: str) -> list[str]:
    """Return the columns that the models of a quantity need, measures left out."""
    makers = [model for model, entry in catalogue.known().items() if name in entry["makes"]]
    models = [catalogue.load(each) for each in makers if not each.startswith("integrate.measures")]
    tables = [need.what for model in models for need in model.needs.values() if isinstance(need.what, Table)]
    return [name for table in tables for name in reads(table)[1:]]


def account_of(var: Var) -> Account:
    """Return the account of a quantity; raises TypeError where it has none."""
    if var.account is None:
        message = f"{var.name} has no account"
        raise TypeError(message)
    return var.account


def sector_by_use() -> dict[str, str]:
    """Return the sub-sector of the inventory by building use."""
    return {use: row.id for row in read_table(EmissionSector) for use in row.building_uses.split()}


def lines(entries: Iterable[Entry], *, report: str, gwp: Factors) -> Lines:
    """Return the lines of the inventory, those without an entry left out."""
    rows: dict[str, list[float]] = {}
    for entry in entries:
        weight = SIGN[entry.account.kind] * potential(entry.account.gas, report, gwp)
        row = rows.setdefault(entry.line, [0.0, 0.0, 0.0])
        total = float(entry.amount.sum())
        row[0] += total
        row[1] += weight * total
        row[2] += weight * float(entry.amount[entry.place >= 0].sum())
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mass", "co2e", "on_parcels"], dtype=np.float64)
    table = table.sort_index()
    return Lines(table["mass"], table["co2e"], table["on_parcels"])


def by_parcel(entries: Iterable[Entry], count: int, *, report: str, gwp: Factors) -> dict[str, F64]:
    """Return the signed CO2e of each parcel [kg a year] by sector group, and what is avoided under 'avoided'.

    The value after the last parcel is what lies outside all parcels.
    """
    group_of = {row.id: row.group for row in read_table(EmissionSector)}
    sums = {name: np.zeros(count + 1) for name in (*GROUPS, "avoided")}
    for entry in entries:
        weight = SIGN[entry.account.kind] * potential(entry.account.gas, report, gwp)
        name = "avoided" if entry.account.kind == "avoided" else group_of[entry.account.sector]
        place = np.where(entry.place < 0, count, entry.place)
        sums[name] += np.bincount(place, weights=weight * entry.amount, minlength=count + 1)
    return sums
