"""Equipment that measures renew: what of lighting and appliances' loads is left, and gas that becomes electricity."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.energy import COOL_ROOF
from citybraid.core.vocabulary.equipment import (
    COOKING_SYSTEM,
    EQUIPMENT_STANDARD,
    HEATING_SYSTEM,
    HOT_WATER_SYSTEM,
    LIGHTING_STANDARD,
)
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.rows import rows_with_prefix
from citybraid.lowcarbon.services import ServiceEnergy

Array = NDArray[np.float64]

AS_BUILT = "as_built"
LOADS_RENEWED = (LIGHTING_STANDARD, EQUIPMENT_STANDARD, HEATING_SYSTEM, COOL_ROOF)
"""Columns that change a building's loads, its heating and its roof; as built where a study has none."""
RENEWED = (*LOADS_RENEWED, HOT_WATER_SYSTEM, COOKING_SYSTEM)
SEPARATOR = "|"


class Standards(NamedTuple):
    """Factor tables of renewed lighting and appliances."""

    lighting_power: Annotated[Factors, Fact("lighting_power")]
    """Lighting power density by standard and programme [W m-2]; as built where a programme has no row."""
    equipment_saving: Annotated[Factors, Fact("equipment_saving")]
    """Share of the equipment's load that a standard saves, by standard and programme; 0 where there is no row."""


class Operated(NamedTuple):
    """Programmes of operated kinds."""

    names: tuple[str, ...]
    left: "Left"
    ventilation: tuple[str, ...]
    """Standard by which each recovers heat; '' for none."""


class Left(NamedTuple):
    """What is left of the loads of programmes [-]; (programmes, 1)."""

    lighting: Array
    equipment: Array


def stated(buildings: pd.DataFrame, column: str) -> list[str]:
    """Return a column of standards or systems; 'as_built' for all where there is none."""
    if column not in buildings:
        return [AS_BUILT] * len(buildings)
    return [str(value) for value in buildings[column]]


def operated(buildings: pd.DataFrame, ventilation: list[str] | None = None) -> pd.Series:
    """Return how each building is operated: its use, its standards of lighting, equipment and `ventilation`."""
    columns = zip(
        buildings["building_use"].astype(str),
        stated(buildings, "lighting_standard"),
        stated(buildings, "equipment_standard"),
        ventilation or [""] * len(buildings),
        strict=True,
    )
    return pd.Series([SEPARATOR.join(parts) for parts in columns], index=buildings.index, dtype=object)


def with_standards(programmes: dict[str, float], kind: str) -> dict[str, float]:
    """Return programmes and their shares with the standards of an operated kind behind their names."""
    _, _, standards = kind.partition(SEPARATOR)
    return {f"{name}{SEPARATOR}{standards}": share for name, share in programmes.items()}


def loads_left(kinds: tuple[str, ...], loads: Loads, standards: Standards | None) -> Operated:
    """Return the programmes' names without standards, what is left of their loads, and how they are ventilated.

    A standard never raises a load. Raises InputError for a standard that has no row at all.
    """
    names, left, ventilation = [], [], []
    for kind in kinds:
        name, lighting, equipment, head = kind.split(SEPARATOR)
        names.append(name)
        ventilation.append(head)
        power = loads.program_load[f"{name}/lights"]
        limit = _row(standards and standards.lighting_power, lighting, name, factor="lighting_power")
        saved = _row(standards and standards.equipment_saving, equipment, name, factor="equipment_saving")
        light = 1.0 if limit is None or power <= 0.0 else min(limit / power, 1.0)
        left.append((light, 1.0 if saved is None else 1.0 - saved))
    shares = np.array(left, dtype=np.float64).reshape(-1, 2)
    return Operated(tuple(names), Left(shares[:, :1], shares[:, 1:]), tuple(ventilation))


def _row(table: Factors | None, standard: str, name: str, *, factor: str) -> float | None:
    """Return the row of a programme under a standard; None as built and where the standard leaves it out."""
    if standard == AS_BUILT:
        return None
    rows = {} if table is None else rows_with_prefix(table, f"{standard}/")
    if not rows:
        raise InputError("factor.key_missing", factor=factor, key=f"{standard}/{name}")
    return rows.get(name)


def electrified(served: ServiceEnergy, buildings: pd.DataFrame, efficiency: Factors) -> ServiceEnergy:
    """Return services whose gas is replaced by electricity where a building's system says so, at equal useful heat.

    Hot water by heat pumps, cooking by electricity; what was electric before stays. Raises InputError for a system
    without a row of its efficiency.
    """
    gas, power = {}, {}
    for end, column in (("hot_water", "hot_water_system"), ("cooking", "cooking_system")):
        systems = stated(buildings, column)
        burnt, used = (np.asarray(getattr(served, f"{end}_{carrier}")) for carrier in ("gas", "electricity"))
        renewed = np.array([system != AS_BUILT for system in systems], dtype=np.bool_)
        of = {system: _efficiency(f"{end}/{system}", efficiency) for system in set(systems) if system != AS_BUILT}
        useful = burnt * (efficiency[f"{end}/gas"] if of else 1.0)
        each = np.array([of.get(system, 1.0) for system in systems], dtype=np.float64)
        gas[end] = np.where(renewed, 0.0, burnt)
        power[end] = np.where(renewed, used + useful / each, used)
    return served._replace(
        hot_water_gas=gas["hot_water"],
        cooking_gas=gas["cooking"],
        hot_water_electricity=power["hot_water"],
        cooking_electricity=power["cooking"],
    )


def _efficiency(key: str, efficiency: Factors) -> float:
    if key not in efficiency:
        raise InputError("factor.key_missing", factor="service_efficiency", key=key)
    return efficiency[key]
