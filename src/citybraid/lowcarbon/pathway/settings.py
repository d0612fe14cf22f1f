"""What a study states of its pathway, and the factors of it."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from citybraid.core.model import Params
from citybraid.core.var import Fact, Factors


class PathwayParams(Params):
    start: int = Field(ge=1990, le=2100)
    """Year that the accounts stand for, from which the pathway runs [year]."""
    scenario: str = Field(min_length=1, max_length=40)
    """Scenario of the grid factor: a key of the rows grid_path, as iea_announced."""
    stock: Literal["life_cycles", "constant"] = "life_cycles"
    """What energy in buildings follows: life cycles alone, or beside them a scenario that keeps each building as is."""
    horizon: int = Field(2060, ge=1991, le=2200)
    """Last year of the pathway [year]."""
    measures_year: int | None = Field(None, ge=1991, le=2200)
    """Year until which measures are carried out; none: that of new buildings, else a near-term plan's years [year]."""
    retrofit_rate: float = Field(0.0, ge=0.0, le=1.0)
    """Share of the floor area of the start that is retrofitted each year; 0: none, 1: all within a year [1/year]."""
    heat_pump_share: float = Field(0.0, ge=0.0, le=1.0)
    """Share of the heat delivered by networks and boilers that heat pumps take over in the end; 0: none [-]."""
    heat_pump_cop: float | None = Field(None, ge=1.0, le=10.0)
    """Seasonal coefficient of performance of these heat pumps; needed with a share [-]."""
    gas_electrified_share: float = Field(0.0, ge=0.0, le=1.0)
    """Share of the gas for rooms, hot water and cooking that electricity takes over in the end; 0: none [-]."""
    electric_vehicle_share: float = Field(0.0, ge=0.0, le=1.0)
    """Share of today's vehicle travel that becomes electric in the end; 0: none [-]."""
    pv_roof_share: float = Field(0.0, ge=0.0, le=1.0)
    """Share of every roof that modules cover in the end; 0: none beyond those of the place [-]."""
    pv_yield: float | None = Field(None, ge=0.0, le=1000.0)
    """Electricity of a module's area in a year; needed with a share of roofs [kWh m-2]."""
    adoption_midpoint: int = Field(2035, ge=1990, le=2200)
    """Year in which half of each adoption is reached [year]."""
    adoption_takeover: float = Field(20.0, gt=0.0, le=100.0)
    """Time in which each adoption goes from 10 % to 90 % [year]."""


class PathwayFactors(NamedTuple):
    """Factor tables of a pathway: grid scenarios and present factors, lifetimes, vehicles, the limit."""

    grid_path: Annotated[Factors, Fact("grid_path")]
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")]
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")]
    building_lifetime: Annotated[Factors, Fact("building_lifetime")]
    gas_emission_factor: Annotated[Factors, Fact("gas_emission_factor")]
    service_efficiency: Annotated[Factors, Fact("service_efficiency")]
    vehicle_energy: Annotated[Factors, Fact("vehicle_energy")]
    electric_share: Annotated[Factors, Fact("electric_share")]
    plan_period: Annotated[Factors, Fact("plan_period")]
    near_zero_limit: Annotated[Factors, Fact("near_zero_limit")]
