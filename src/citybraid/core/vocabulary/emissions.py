"""Emissions, removals and avoided emissions that enter the inventory: each names its sector, scope and gas.

A quantity added here joins the accounts of every study that has it.
"""

from typing import Annotated, Any, get_args

from citybraid.core.account import BY_USE, Account
from citybraid.core.var import Column, Raster, Var

ELECTRICITY_EMISSIONS = Annotated[
    Column,
    Var(
        "electricity_emissions",
        "kg year-1",
        "Emissions of the electricity that the building takes from the grid, location-based",
        on="buildings",
        ge=0,
        account=Account(BY_USE, 2, "CO2"),
    ),
]
HEAT_EMISSIONS = Annotated[
    Column,
    Var(
        "heat_emissions",
        "kg year-1",
        "Emissions of the district heat delivered to the building",
        on="buildings",
        ge=0,
        account=Account(BY_USE, 2, "CO2"),
    ),
]
PV_AVOIDED = Annotated[
    Column,
    Var(
        "pv_avoided",
        "kg year-1",
        "Grid emissions avoided by exported photovoltaics; by all of them without an hourly balance",
        on="buildings",
        ge=0,
        account=Account(BY_USE, 2, "CO2", "avoided"),
    ),
]
TRANSPORT_EMISSIONS = Annotated[
    Column,
    Var(
        "transport_emissions",
        "kg year-1",
        "Emissions of the residents' daily travel",
        on="buildings",
        ge=0,
        account=Account("road", 1, "CO2e"),
    ),
]
GREEN_SINK = Annotated[
    Raster,
    Var(
        "green_sink", "kg m-2 year-1", "CO2 taken up by vegetation", ge=0, account=Account("land", 1, "CO2", "removal")
    ),
]


def accounted(on: str) -> tuple[Any, ...]:
    """Return the names of a domain's quantities that have an account, in the order of their definition."""
    names = (name for name in globals().values() if get_args(name))
    return tuple(name for name in names if any(isinstance(v, Var) and v.account and v.on == on for v in get_args(name)))
