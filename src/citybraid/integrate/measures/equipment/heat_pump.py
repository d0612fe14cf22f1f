"""Heat pumps in place of district heat, boilers, old heat pumps and gas water heaters."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import HEAT_PUMP_AREA, HEATING_SYSTEM, HOT_WATER_SYSTEM
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built, equipped


class HeatPumpParams(MeasureParams):
    pass


class HeatPump(NamedTuple):
    heating_system: HEATING_SYSTEM
    hot_water_system: HOT_WATER_SYSTEM
    heat_pump_area: HEAT_PUMP_AREA


@measure(
    version=2,
    cite="GB 55015-2021, 3.2 (least performance of heat pumps); GB 29541-2013 (water heaters)",
    validity="Performance is a mean of the season; radiators, noise, room and the grid connection are not checked.",
    stage="equipment",
    quantity=HEAT_PUMP_AREA,
    responsible="building owner; grid company",
    build_years=0.5,
)
def heat_pump(
    buildings: Annotated[
        View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, HEATING_SYSTEM, HOT_WATER_SYSTEM))
    ],
    units: Annotated[View, Table("units", (HEAT_PUMP_AREA,))],
    uses: Annotated[Factors, Fact("heat_pump_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: HeatPumpParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> HeatPump:
    """Heat rooms and water of buildings by heat pumps, the oldest buildings first.

    May go on buildings whose rooms or water are still heated as built, of uses that are heated, outside heritage and
    military land. With a share below 1 each unit takes its oldest buildings until the share of the feasible floor area
    is reached. The floor area is counted.
    """
    done = equipped(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["heating_system"]) | as_built(buildings["hot_water_system"]),
        uses=uses,
        site=site,
        measure="heat_pump",
        where=p.where,
        share=p.share,
    )
    return HeatPump(
        done.column(buildings["heating_system"], "heat_pump"),
        done.column(buildings["hot_water_system"], "heat_pump"),
        units["heat_pump_area"] + done.area,
    )
