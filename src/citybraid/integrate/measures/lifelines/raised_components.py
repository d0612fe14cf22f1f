"""Parts of lifeline components raised above the water: switchgear, motors, cabinets."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import RAISED_COMPONENTS as RAISED
from citybraid.core.vocabulary.resilience.lifelines import COMPONENT_HEIGHT, LIFELINE_SYSTEM
from citybraid.integrate.measures.lifelines.chosen_components import chosen_components
from citybraid.integrate.measures.siting import per_unit


class RaisedComponentsParams(MeasureParams):
    height: float | None = Field(None, gt=0.0, le=10.0)
    """Parts above the ground outside after the measure; the factor raised_component_height without it [m]."""
    systems: tuple[str, ...] = ("power", "health", "water", "telecom", "drainage", "gas", "heat")
    """Systems whose components are raised, in the order in which a share is given out."""


class RaisedComponents(NamedTuple):
    component_height: COMPONENT_HEIGHT
    raised_components: RAISED


@measure(
    version=1,
    cite="FEMA P-348 (2017), Protecting Building Utility Systems From Flood Damage, ch. 4 (elevation)",
    validity="Components whose parts can stand on a platform or an upper floor; cables below ground and access stay.",
    stage="equipment",
    quantity=RAISED,
    responsible="owner of the component",
    build_years=1.0,
)
def raised_components(
    *,
    lifelines: Annotated[View, Table("lifelines", (LIFELINE_SYSTEM,), (COMPONENT_HEIGHT,))],
    units: Annotated[View, Table("units", (RAISED,))],
    usual: Annotated[Factors, Fact("lifeline_flood_depth")],
    height: Annotated[Factors, Fact("raised_component_height")],
    p: RaisedComponentsParams,
) -> RaisedComponents:
    """Raise the parts of components that water destroys to a height above the ground; higher ones stay.

    A component without a stated height has that of its system (factor `lifeline_flood_depth`). With a share below 1
    each planning unit raises that share of the lower components, those of the first system first.
    """
    target = height[""] if p.height is None else p.height
    old = np.full(len(lifelines), np.nan)
    if "component_height" in lifelines:
        old = np.asarray(lifelines["component_height"], np.float64)
    of_system = np.array([usual[str(name)] for name in lifelines["lifeline_system"]], np.float64)
    low = np.where(np.isfinite(old), old, of_system) < target
    taken, unit = chosen_components(lifelines, units, low, systems=p.systems, share=p.share, where=p.where)
    return RaisedComponents(
        pd.Series(np.where(taken, target, old), index=lifelines.index),
        units["raised_components"] + per_unit(units, unit, taken.astype(np.float64)),
    )
