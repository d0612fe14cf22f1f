"""Energy consumed [TJ] by year, sector and fuel from amounts in mass, volume and energy."""

from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.var import Factors

LITRES = 1000.0
"""Litres in a cubic metre."""
AMOUNT = ("year", "sector", "fuel", "item")
"""Parts of the name of an amount."""
MJ_IN_TJ = 1e6
KG_IN_T = 1e3


class HeatFactors(NamedTuple):
    """Lower heating values [MJ kg-1], gases [MJ m-3], and densities of liquids [kg L-1], by fuel."""

    value: Factors
    density: Factors


def consumption(mass: pd.Series, volume: pd.Series, energy: pd.Series, heat: HeatFactors) -> pd.DataFrame:
    """Return a row for each year, sector and fuel with its energy [TJ].

    Gases have no density: their volume times the heating value of a cubic metre. Raises InputError where a fuel has no
    heating value, an amount is unknown, and a row is not named by year, sector, fuel and item.
    """
    parts = [_parts(line) for line in mass.index]
    frame = pd.DataFrame(parts, columns=[*AMOUNT], index=mass.index)
    amounts = pd.DataFrame({"mass": mass, "volume": volume, "energy": energy}).fillna(0.0)
    if not len(frame):
        raise InputError("activity.empty")
    per = [
        _terajoules(fuel, *row, heat=heat)
        for fuel, row in zip(frame["fuel"], amounts.to_numpy(dtype=float).tolist(), strict=True)
    ]
    frame["energy"] = per
    frame["year"] = frame["year"].astype(int)
    return frame.groupby(["year", "sector", "fuel"], as_index=False, sort=True)[["energy"]].sum()


def _parts(line: object) -> list[str]:
    parts = str(line).split("/", len(AMOUNT) - 1)
    if len(parts) < len(AMOUNT) or not parts[0].isdecimal():
        raise InputError("activity.line", got=str(line), needs="/".join(AMOUNT))
    return parts


def _terajoules(fuel: str, mass: float, volume: float, energy: float, *, heat: HeatFactors) -> float:
    """Return the energy of one amount [TJ]."""
    if mass == 0.0 and volume == 0.0:
        return energy
    value = _value(fuel, heat.value)
    if fuel in heat.density:
        mass += volume * LITRES * heat.density[fuel] / KG_IN_T
        volume = 0.0
    return energy + mass * KG_IN_T * value / MJ_IN_TJ + volume * value / MJ_IN_TJ


def _value(fuel: str, values: Factors) -> float:
    if fuel not in values:
        raise InputError("activity.no_factor", factor="fuel_heat_value", key=fuel, needs=sorted(values))
    return values[fuel]
