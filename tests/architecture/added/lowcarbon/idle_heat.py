"""Heat of idle machines, as an example of a model."""

from typing import Annotated, NamedTuple

from citybraid.core.model import Params, model
from citybraid.core.var import Column, Table, Var, View
from citybraid.core.vocabulary.place import HEIGHT

IDLE_HEAT = Annotated[Column, Var("idle_heat", "kWh", "Heat of idle machines", on="buildings", ge=0)]


class IdleHeatParams(Params):
    per_metre: float = 2.0
    """Heat by height of a building [kWh/m]."""


class IdleHeat(NamedTuple):
    idle_heat: IDLE_HEAT


@model(version=1, cite="an example", validity="Nowhere.")
def idle_heat(buildings: Annotated[View, Table("buildings", (HEIGHT,))], p: IdleHeatParams) -> IdleHeat:
    """Heat by the height of buildings."""
    return IdleHeat(buildings["height"] * p.per_metre)
