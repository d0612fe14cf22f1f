"""Emissions by year to a horizon: growth and turnover of the stock, and the levers that the study states."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.group import When
from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.energy import COOKING_GAS, ENVELOPE_STANDARD, HEATING_GAS, HOT_WATER_GAS, PV_ROOF
from citybraid.core.vocabulary.equipment import CHARGED_CARS
from citybraid.core.vocabulary.lowcarbon.carbon import FORMER_INVENTORY, INVENTORY_EQUIVALENT, INVENTORY_MASS
from citybraid.core.vocabulary.lowcarbon.embodied import (
    DEMOLITION_CARBON,
    HERITAGE,
    REBUILD_EMBODIED,
    RENEWED_ELECTRICITY_SAVING,
    RENEWED_GAS_SAVING,
    RENEWED_HEAT_SAVING,
    RETROFIT_EMBODIED,
)
from citybraid.core.vocabulary.lowcarbon.emissions import (
    ELECTRICITY_EMISSIONS,
    GAS_EMISSIONS,
    GAS_METHANE,
    GAS_NITROUS_OXIDE,
    HEAT_EMISSIONS,
    METRO_EMISSIONS,
    PV_AVOIDED,
    TRANSPORT_EMISSIONS,
    TRAVEL_ELECTRICITY_EMISSIONS,
)
from citybraid.core.vocabulary.lowcarbon.park import NETWORK_HEAT_FACTOR
from citybraid.core.vocabulary.lowcarbon.pathway import (
    CONSTANT_EMISSIONS,
    CONSTANT_STATIONARY,
    CUMULATIVE_EMISSIONS,
    EMISSIONS_PEAK_YEAR,
    NEAR_ZERO_YEAR,
    PATHWAY_AVOIDED,
    PATHWAY_CONSTRUCTION,
    PATHWAY_EMISSIONS,
    PATHWAY_ERROR,
    PATHWAY_LAND,
    PATHWAY_OTHER_SECTORS,
    PATHWAY_PROCESSES,
    PATHWAY_REFERENCE,
    PATHWAY_STATIONARY,
    PATHWAY_TRANSPORT,
    PATHWAY_WASTE,
    RENEWABLE_SHARE,
    RESIDUAL_EMISSIONS,
    STOCK_BUILT,
    STOCK_DEMOLISHED,
    STOCK_ERROR,
    STOCK_FLOOR_AREA,
    WEDGE_ELECTRIFICATION,
    WEDGE_GRID,
    WEDGE_HEAT_PUMPS,
    WEDGE_PHOTOVOLTAICS,
    WEDGE_RETROFIT,
    WEDGE_TURNOVER,
    WEDGE_VEHICLES,
)
from citybraid.core.vocabulary.lowcarbon.supply import PV_SELF_USED
from citybraid.core.vocabulary.lowcarbon.travel import CAR_DISTANCE, CAR_FUEL_RATIO
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, STUDY_AREA, YEAR_BUILT
from citybraid.kernels.carbon.shares import shapley
from citybraid.lowcarbon.accounts.places import inside
from citybraid.lowcarbon.grid_path import grid_index, years_from
from citybraid.lowcarbon.pathway.courses import courses_of
from citybraid.lowcarbon.pathway.electrification import Inventory
from citybraid.lowcarbon.pathway.floor_area import floor_area_by_year
from citybraid.lowcarbon.pathway.levers import GROUPS, LEVERS, Courses, by_group, energy_share, net
from citybraid.lowcarbon.pathway.renewal import construction, renewal_of, unrenewed
from citybraid.lowcarbon.pathway.settings import PathwayFactors, PathwayParams

Array = NDArray[np.float64]
OTHERS = ("transport", "waste", "processes", "land")
"""Groups of sectors whose pathway needs no life cycle of buildings."""
NEEDED = (BUILDING_USE, FLOOR_AREA, YEAR_BUILT)
OPERATED = (ELECTRICITY_EMISSIONS, HEAT_EMISSIONS)
RENEWED = (
    REBUILD_EMBODIED, RETROFIT_EMBODIED, DEMOLITION_CARBON, RENEWED_ELECTRICITY_SAVING, RENEWED_HEAT_SAVING,
    RENEWED_GAS_SAVING,
)  # fmt: skip
OPTIONAL = (
    TRANSPORT_EMISSIONS, TRAVEL_ELECTRICITY_EMISSIONS, METRO_EMISSIONS, PV_AVOIDED, PV_ROOF, ENVELOPE_STANDARD,
    GAS_EMISSIONS, GAS_METHANE, GAS_NITROUS_OXIDE, HEATING_GAS, HOT_WATER_GAS, COOKING_GAS, CAR_DISTANCE, CHARGED_CARS,
    CAR_FUEL_RATIO, HERITAGE, PV_SELF_USED,
)  # fmt: skip


class BuildingsPathway(NamedTuple):
    """Buildings' energy by year, the total with it and what each lever contributes; of life cycles."""

    pathway_stationary: PATHWAY_STATIONARY
    pathway_emissions: PATHWAY_EMISSIONS
    pathway_reference: PATHWAY_REFERENCE
    pathway_construction: PATHWAY_CONSTRUCTION
    wedge_grid: WEDGE_GRID
    wedge_turnover: WEDGE_TURNOVER
    wedge_retrofit: WEDGE_RETROFIT
    wedge_heat_pumps: WEDGE_HEAT_PUMPS
    wedge_electrification: WEDGE_ELECTRIFICATION
    wedge_vehicles: WEDGE_VEHICLES
    wedge_photovoltaics: WEDGE_PHOTOVOLTAICS
    emissions_peak_year: EMISSIONS_PEAK_YEAR
    cumulative_emissions: CUMULATIVE_EMISSIONS
    residual_emissions: RESIDUAL_EMISSIONS
    renewable_share: RENEWABLE_SHARE
    near_zero_year: NEAR_ZERO_YEAR
    pathway_error: PATHWAY_ERROR


class ConstantPathway(NamedTuple):
    """A scenario that the study asks for by name: no building is torn down, replaced or retrofitted."""

    constant_stationary: CONSTANT_STATIONARY
    constant_emissions: CONSTANT_EMISSIONS


class Pathway(NamedTuple):
    pathway_transport: PATHWAY_TRANSPORT
    pathway_waste: PATHWAY_WASTE
    pathway_processes: PATHWAY_PROCESSES
    pathway_land: PATHWAY_LAND
    pathway_avoided: PATHWAY_AVOIDED
    pathway_other_sectors: PATHWAY_OTHER_SECTORS
    stock_floor_area: STOCK_FLOOR_AREA
    stock_built: STOCK_BUILT
    stock_demolished: STOCK_DEMOLISHED
    stock_error: STOCK_ERROR
    whole: Annotated[BuildingsPathway | None, When("renewed")]
    constant: Annotated[ConstantPathway | None, When("operated", "stock", "constant")]


@model(
    version=7,
    cite="Mueller (2006), Ecol. Econ. 59: 142 (stock-driven turnover); Shapley (1953) and Ang (2004) (wedges)",
    validity=(
        "Activity per floor area, travel per resident, climate and heat factors stay as they are but for the levers; a "
        "national index moves the region's grid factor. A scenario, not a forecast."
    ),
)
def pathway(
    buildings: Annotated[View, Table("buildings", NEEDED, optional=OPTIONAL)],
    inventory_equivalent: INVENTORY_EQUIVALENT,
    study_area: STUDY_AREA,
    factors: PathwayFactors,
    p: PathwayParams,
    inventory_mass: INVENTORY_MASS | None = None,
    former_inventory: FORMER_INVENTORY | None = None,
    network_heat_factor: NETWORK_HEAT_FACTOR | None = None,
    operated: Annotated[View, Table("buildings", OPERATED)] | None = None,
    renewed: Annotated[View, Table("buildings", (*OPERATED, *RENEWED))] | None = None,
) -> Pathway:
    """Emissions of each year from the start to the horizon by sector, and what each lever contributes [kg CO2e a year].

    Buildings completed after the start are the plan's: their floor area, residents' travel and use of energy are added
    evenly until their year. Every alternative begins with `former_inventory`, what there is before its plan and
    measures; what they change of it comes as evenly. Buildings of the start are torn down by the lifetime of their use
    and replaced. One retrofitted or replaced saves what keep, retrofit or rebuild has simulated of it. Heat has the
    factor of the network that delivers it, where one was computed. Wedges are Shapley shares of reference less pathway,
    so they sum to it exactly in every year. Where keep, retrofit or rebuild has not been computed there is no pathway
    of buildings' energy, and no total: `pathway_other_sectors` is the sum of transport, waste, processes and land
    alone. With `stock` at 'constant' a scenario of its own keeps every building as it is.
    Raises InputError for a horizon not after the start, an unknown scenario, and a lever without what it needs.
    """
    if network_heat_factor is not None:
        factors = factors._replace(heat_emission_factor={"": network_heat_factor})
    years = years_from(p.start, p.horizon)
    grid = grid_index(factors.grid_path, p.scenario, years)
    known = _with(_with(buildings, operated), renewed)
    counted = inside(known, study_area)
    floors = floor_area_by_year(counted, years, factors.building_lifetime)
    listed = Inventory(inventory_equivalent, inventory_mass, former_inventory)
    renewal = unrenewed(counted, years) if renewed is None else renewal_of(counted, years, p.retrofit_rate)
    courses = courses_of(counted, listed, floors, renewal, grid, factors, p)
    groups = by_group(courses, frozenset(LEVERS))
    column = partial(pd.Series, index=pd.Index([str(int(year)) for year in years]), dtype=np.float64)
    return Pathway(
        **{f"pathway_{name}": column(groups[name]) for name in (*OTHERS, "avoided")},
        pathway_other_sectors=column(np.sum([groups[name] for name in OTHERS], axis=0)),
        stock_floor_area=column(floors.stock), stock_built=column(floors.built),
        stock_demolished=column(floors.demolished), stock_error=floors.error,
        whole=None if renewed is None else _whole(courses, years, construction(counted, floors, renewal), factors),
        constant=None if operated is None or p.stock != "constant" else _constant(
            courses_of(counted, listed, floors._replace(kept=np.ones_like(floors.kept)),
                       unrenewed(counted, years), grid, factors, p),
            column,
        ),
    )  # fmt: skip


def _with(buildings: View, more: View | None) -> View:
    """Return buildings with the columns of another view of them."""
    if more is None:
        return buildings
    return buildings.assign(**{name: more[name] for name in more.columns if name != more.geometry.name})


def _constant(courses: Courses, column: Callable[[Array], pd.Series]) -> ConstantPathway:
    levers = frozenset(LEVERS)
    return ConstantPathway(column(by_group(courses, levers)["stationary"]), column(net(courses, levers)))


def _whole(courses: Courses, years: Array, construction: Array, factors: PathwayFactors) -> BuildingsPathway:
    groups = by_group(courses, frozenset(LEVERS))
    total, reference = net(courses, frozenset(LEVERS)), net(courses, frozenset())
    wedges = {name: 0.0 - share for name, share in shapley(lambda levers: net(courses, levers), LEVERS).items()}
    gross = np.asarray(sum(np.maximum(groups[name], 0.0) for name in GROUPS), dtype=np.float64)
    residual = gross / gross[0] if gross[0] > 0.0 else np.zeros_like(gross)
    size = float(np.abs(reference).sum())
    off = float(np.abs(reference - np.sum(list(wedges.values()), axis=0) - total).sum())
    share = energy_share(
        courses, power_factor=factors.grid_emission_factor[""], heat_factor=factors.heat_emission_factor[""]
    )
    column = partial(pd.Series, index=pd.Index([str(int(year)) for year in years]), dtype=np.float64)
    return BuildingsPathway(
        pathway_stationary=column(groups["stationary"]),
        pathway_emissions=column(total),
        pathway_reference=column(reference),
        pathway_construction=column(construction),
        **{f"wedge_{name}": column(values) for name, values in wedges.items()},
        emissions_peak_year=float(years[int(np.argmax(total))]),
        cumulative_emissions=float(total.sum()),
        residual_emissions=float(residual[-1]),
        renewable_share=float(share[-1]),
        near_zero_year=_first_below(years, residual, factors.near_zero_limit["residual"]),
        pathway_error=off / size if size > 0.0 else 0.0,
    )


def _first_below(years: Array, values: Array, limit: float) -> float:
    """Return the first year from which values stay at or below a limit, NaN where the last one does not."""
    above = np.flatnonzero(values > limit)
    if above.size == 0:
        return float(years[0])
    return float(years[above[-1] + 1]) if above[-1] + 1 < years.size else float("nan")
