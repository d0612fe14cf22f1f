"""Backup power at hospitals, pumps and other components of lifelines."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import BACKUP_ENERGY
from citybraid.core.vocabulary.resilience.lifelines import LIFELINE_SYSTEM, POWER_RESERVE
from citybraid.integrate.measures.lifelines.chosen_components import chosen_components
from citybraid.integrate.measures.siting import per_unit


class BackupPowerParams(MeasureParams):
    hours: float | None = Field(None, gt=0.0, le=720.0)
    """How long the components then work without power; the factor backup_power_hours without it [h]."""
    systems: tuple[str, ...] = ("health", "drainage", "water", "telecom")
    """Systems whose components get it, in the order in which a share is given out."""


class BackupPower(NamedTuple):
    power_reserve: POWER_RESERVE
    backup_energy: BACKUP_ENERGY


@measure(
    version=1,
    cite="Kwasinski (2011), IEEE Syst. J. 5: 16-26 (backup power at sites in disasters)",
    validity="Components whose load is that of their system's factor row; fuel, ventilation and tests are not checked.",
    stage="equipment",
    quantity=BACKUP_ENERGY,
    responsible="owner of the component; emergency management bureau",
    build_years=0.5,
)
def backup_power(
    *,
    lifelines: Annotated[View, Table("lifelines", (LIFELINE_SYSTEM,), (POWER_RESERVE,))],
    units: Annotated[View, Table("units", (BACKUP_ENERGY,))],
    hours: Annotated[Factors, Fact("backup_power_hours")],
    load: Annotated[Factors, Fact("lifeline_load")],
    p: BackupPowerParams,
) -> BackupPower:
    """Let components of some systems work for a time without power; a longer reserve that is there stays.

    With a share below 1 each planning unit equips that share of its components, those of the first system first.
    Energy is the system's load (factor `lifeline_load`) times the hours added. Components in no planning unit stay.
    """
    target = hours[""] if p.hours is None else p.hours
    old = np.full(len(lifelines), np.nan)
    if "power_reserve" in lifelines:
        old = np.asarray(lifelines["power_reserve"], np.float64)
    before = np.nan_to_num(old)
    taken, unit = chosen_components(
        lifelines, units, before < target, systems=p.systems, share=p.share, where=p.where
    )  # fmt: skip
    demand = np.array([load[str(name)] if each else 0.0
                       for name, each in zip(lifelines["lifeline_system"], taken, strict=True)])  # fmt: skip
    added = np.where(taken, demand * (target - before), 0.0)
    return BackupPower(
        pd.Series(np.where(taken, target, old), index=lifelines.index),
        units["backup_energy"] + per_unit(units, unit, added),
    )
