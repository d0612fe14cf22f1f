"""Household appliances of the best efficiency on the market."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import APPLIANCE_AREA, EQUIPMENT_STANDARD
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built, equipped


class EfficientAppliancesParams(MeasureParams):
    standard: str = "best_available"
    """Appliances after the measure: a name of the rows equipment_saving."""


class EfficientAppliances(NamedTuple):
    equipment_standard: EQUIPMENT_STANDARD
    appliance_area: APPLIANCE_AREA


@measure(
    version=2,
    cite="CLASP and Top10 China (2013), Market Analysis of China Energy Efficient Products",
    validity="Homes only: no saving of the equipment of other uses has a source; standby is left as it is.",
    stage="equipment",
    quantity=APPLIANCE_AREA,
    responsible="households; market supervision",
    build_years=0.2,
)
def efficient_appliances(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, EQUIPMENT_STANDARD))],
    units: Annotated[View, Table("units", (APPLIANCE_AREA,))],
    uses: Annotated[Factors, Fact("efficient_appliances_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: EfficientAppliancesParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> EfficientAppliances:
    """Replace the appliances of homes by efficient ones, the oldest buildings first.

    May go on homes still equipped as built, outside heritage and military land. The floor area is counted.
    """
    done = equipped(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["equipment_standard"]),
        uses=uses,
        site=site,
        measure="efficient_appliances",
        where=p.where,
        share=p.share,
    )
    return EfficientAppliances(
        done.column(buildings["equipment_standard"], p.standard),
        units["appliance_area"] + done.area,
    )
