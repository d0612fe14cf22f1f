"""Heat networks in place of buildings' own heating, where the study names them."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import HEATING_SYSTEM
from citybraid.core.vocabulary.measures import NETWORK_HEATED_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built, equipped


class DistrictHeatParams(MeasureParams):
    pass


class DistrictHeat(NamedTuple):
    heating_system: HEATING_SYSTEM
    network_heated_area: NETWORK_HEATED_AREA


@measure(
    version=2,
    cite="Frederiksen and Werner (2013), District Heating and Cooling, ch. 4 and 5; EN ISO 52000-1:2017",
    validity="Rooms alone, heat metered at the building; whether a network pays is told by heat_density, heat_network.",
    stage="equipment",
    quantity=NETWORK_HEATED_AREA,
    responsible="heat supply company; building owner",
    build_years=2.0,
)
def district_heat(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, HEATING_SYSTEM))],
    units: Annotated[View, Table("units", (NETWORK_HEATED_AREA,))],
    uses: Annotated[Factors, Fact("district_heat_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: DistrictHeatParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> DistrictHeat:
    """Connect the rooms of buildings to a heat network, the oldest buildings first.

    May go on buildings that are still heated as built, of uses that are heated, outside heritage and military land.
    With a share below 1 each unit connects its oldest buildings until the share of the feasible floor area is reached.
    The floor area is counted.
    """
    done = equipped(
        buildings, units, parcels, fit=as_built(buildings["heating_system"]), uses=uses, site=site,
        measure="district_heat", where=p.where, share=p.share,
    )  # fmt: skip
    return DistrictHeat(
        done.column(buildings["heating_system"], "district_heat"), units["network_heated_area"] + done.area
    )
